using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Api;
using Diagnostics.Server.Description;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages;
using Diagnostics.Server.Pages.Access;
using Diagnostics.Server.Pages.Site;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Audit;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Feed;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Hooks;
using Diagnostics.UseCases.Jobs;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.People;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Sessions;
using Diagnostics.UseCases.SiteDays;
using Diagnostics.UseCases.Webhooks;
using Microsoft.AspNetCore.Routing.Constraints;
using NodaTime;

namespace Diagnostics.Server.Hosting;

/// <summary>Builds the web service; the code reads like a table of contents, with one line for each stage.</summary>
internal static class Service
{
    /// <param name="args">Settings as <c>--Name=value</c>.</param>
    /// <param name="replace">Replaces services, e.g. the clock in tests.</param>
    internal static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        Settings.AddUsual(builder.Configuration);
        Settings.Check(builder.Configuration);
        Listen(builder);
        Telemetry.Add(builder);
        Configure(builder.Services, builder.Configuration);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        Use(app);
        Map(app);
        app.BuildOnce();
        app.RequireAccessRules();
        return app;
    }

    /// <summary>How the process listens, and how it stops listening.</summary>
    internal static void Listen(WebApplicationBuilder builder)
    {
        var drain = new Drain();
        builder.Services.AddSingleton(drain);
        builder.Services.AddHostedService(_ => drain);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(drain.Count));
            kestrel.Limits.MaxRequestBodySize = Limits.MaxBodyBytes;
            kestrel.AddServerHeader = false;
        });
    }

    private static void Configure(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<NodeClock>();
        services.AddSingleton<IClock>(provider => provider.GetRequiredService<NodeClock>());
        services.AddSingleton(provider => Databases.Open(configuration));
        services.AddSingleton<ClockSkew>();
        services.AddHostedService(provider => provider.GetRequiredService<ClockSkew>());
        services.AddSingleton<ReadinessCheck>();
        services.ConfigureHttpJsonOptions(options =>
        {
            Json.Configure(options.SerializerOptions);
            // An answer is never part of a page, so nothing in it is escaped for HTML: people copy secrets and addresses
            // out of it, where + and & must not be \u002B and \u0026.
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, SessionJson.Default.WithAddedModifier(ItemTypes.NameInJson));
        });
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<RouteOptions>(options => options.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Problems.TellWhen);
        services.AddLimits(configuration);
        services.AddBearerTokens(configuration);
        services.AddOutsideSignIn(configuration);
        services.AddPages();
        services.AddUseCases();

        services.AddSingleton(SecondFactorPolicy.Setting(configuration[SecondFactorPolicy.SettingName]));
        services.AddAccess();
        services.AddAudit(Folders.Data(configuration));
        services.AddJobs();
        services.AddForms();
        services.AddCampaigns(DataOperator.Setting(configuration[DataOperator.SettingName]));
        services.AddPeople();
        services.AddSessions();
        services.AddSiteDays();
        services.AddMarking();
        services.AddAppeals();
        services.AddCalibration();
        services.AddProfiles();
        services.AddSingleton<SheetPage>();
        services.AddFeed(FeedRetention.Setting(configuration[FeedRetention.SettingName]));
        services.AddWebhooks(
            WebhookPolicy.Setting(configuration[WebhookPolicy.ExceptionsSetting], configuration[WebhookPolicy.TimeoutSetting])
        );
        services.AddHooks();
    }

    private static void Use(WebApplication app)
    {
        if (app.Configuration[Region.NameSetting] is { Length: > 0 } region && Telemetry.IsAsked(app.Configuration))
            app.Use(Telemetry.NameRegion(region));
        app.UseProxies();
        app.Use(SecurityHeaders.Add);
        app.Use(app.Services.GetRequiredService<Drain>().CloseAfterAnswer);
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandler = PagesOfTheSite.WriteException,
                SuppressDiagnosticsCallback = context =>
                    context.Exception
                        is BadHttpRequestException
                            or NotSupportedException { Source: "System.Text.Json" }
                            or DatabaseBusyException
                            or PasswordLaneFullException
                            or UnstorableTextException,
            }
        );
        app.UseStatusCodePages(PagesOfTheSite.WriteStatus);
        app.UseOperationsPort();
        app.Use(RequestForms.Know);
        // Routing comes here and not first: the middleware above may change the method.
        app.UseRouting();
        app.Use(Idempotency.BufferBody);
        if (Telemetry.IsAsked(app.Configuration))
            app.Use(Telemetry.NameRequest);
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.Use(QueryNames.Check);
        app.UsePages();
    }

    private static void Map(WebApplication app)
    {
        app.MapDescription();
        // A separate branch, so that no other request passes through it.
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase),
            branch =>
                branch.UseSwaggerUI(options =>
                {
                    options.SwaggerEndpoint(StoredDescription.Address, "Diagnostics");
                    options.RoutePrefix = "swagger";
                })
        );
        app.MapHealth();
        SheetPage.MapStyle(app);
        var api = app.MapGroup("/api/v1");
        api.MapAccess();
        api.MapAudit();
        api.MapJobs();
        api.MapCompetencies();
        api.MapItemBank();
        api.MapForms();
        api.MapCampaigns();
        api.MapCommissions();
        api.MapPeople();
        api.MapSessions();
        api.MapSiteDays();
        api.MapPaper();
        api.MapMarking();
        api.MapAppeals();
        api.MapCalibration();
        api.MapProfiles();
        api.MapInstruments();
        api.MapQuestionnaires();
        api.MapPractice();
        api.MapObservation();
        api.MapComplexProfiles();
        api.MapFeed();
        api.MapWebhooks();
        app.MapCase();
        app.MapPages();
    }
}
