using System.Net.Http.Json;
using Diagnostics.Server.Tests.Campaigns;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>People who use the pages in browsers, in a region with a campaign that accepts applications.</summary>
internal sealed class PageScene(TestService service, CampaignScene region)
{
    internal CampaignScene Region => region;

    internal static async Task<PageScene> Make(TestService service) => new(service, await CampaignScene.Published(service));

    /// <summary>A person who takes diagnostics, with a name and a password.</summary>
    internal async Task<(Guid Id, string UserName, string Password)> Person() => await AccountOf(service, await region.Enrol());

    /// <summary>An account with a password of the person's own choice.</summary>
    internal static async Task<(Guid Id, string UserName, string Password)> AccountOf(TestService service, Guid person)
    {
        var (userName, given) = await NewAccountOf(service, person);
        using var client = await service.SignIn(userName, given);
        return (person, userName, TestService.Chosen(given));
    }

    /// <summary>A member of staff with a name and a password.</summary>
    internal static async Task<(string UserName, string Password)> Staff(TestService service, string role)
    {
        var made = await service
            .Admin.PostAsJsonAsync(
                "/api/v1/accounts",
                new { userName = $"{role}-{Guid.NewGuid():N}"[..20], grants = new[] { new { role, scope = "all" } } }
            )
            .Json(201);
        var (userName, given) = (made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
        using var client = await service.SignIn(userName, given);
        return (userName, TestService.Chosen(given));
    }

    /// <summary>An account with its one-time password.</summary>
    internal static async Task<(string UserName, string Password)> NewAccountOf(TestService service, Guid person)
    {
        var made = await service.Admin.PostAsJsonAsync($"/api/v1/people/{person}/account", new { }).Json(201);
        return (made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
    }

    internal async Task<(Guid Id, Browser Browser)> Sit()
    {
        var (id, userName, password) = await Person();
        return (id, await Browser.Of(service, userName, password));
    }

    /// <summary>A person who has filed an application on the page.</summary>
    internal async Task<(Browser Browser, Guid Application)> Applied()
    {
        var (_, browser) = await Sit();
        var form = await browser.Open($"/campaigns/{region.Campaign}");
        var filed = await browser.Submit(form, "main form", ("site", region.Site.ToString()), ("consent", "2"), ("processing", "1"));
        filed.Status.Should().Be(303, filed.Main);
        return (browser, Guid.Parse(filed.Location!.Split('/')[^1].Split('?')[0]));
    }

    /// <summary>A person whose application is approved, with a seat and a session that has not begun.</summary>
    internal async Task<(Browser Browser, Guid Application, Guid Session)> Scheduled()
    {
        var (browser, application) = await Applied();
        var approved = await region.Decide(application, "approval").Json();
        return (browser, application, approved["sessionId"]!.GetValue<Guid>());
    }

    internal Task Admit(Guid session) => service.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/admission", new { }).Json();
}
