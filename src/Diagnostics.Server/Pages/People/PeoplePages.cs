using Diagnostics.Engine;
using Diagnostics.Engine.People;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.People;

namespace Diagnostics.Server.Pages.People;

/// <summary>A person's consents, and what the person asks to have corrected in the own data.</summary>
internal static class PeoplePages
{
    private const string Address = "/account/consents";

    internal static void MapPeoplePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Address, (HttpContext http, OwnConsents own) => Show(http, own, null, null)).AllowedTo(AskCorrection.Operation.Access);
        Map<GiveParticipationConsent, WithdrawParticipationConsent>(pages, ConsentKinds.Participation);
        Map<GiveDataProcessingConsent, WithdrawDataProcessingConsent>(pages, ConsentKinds.DataProcessing);
        Map<GiveProfileSharingConsent, WithdrawProfileSharingConsent>(pages, ConsentKinds.ProfileSharing);
        pages.Form("/account/corrections", Ask, AskCorrection.Operation.Access);
    }

    private static void Map<TGive, TWithdraw>(IEndpointRouteBuilder pages, string kind)
        where TGive : GiveConsent
        where TWithdraw : WithdrawConsent
    {
        var (address, rule) = ($"{Address}/{Consents.CodeOf(kind)}", AskCorrection.Operation.Access);
        pages.Form(
            address,
            async (SentForm form, HttpContext http, TGive useCase, OwnConsents own) =>
            {
                if (http.Caller().ParticipantId is not { } person)
                    return PageAnswer.From(Gate.NotAllowed);
                // The form names the version that the person has read; the use case refuses another.
                var consent = new ConsentGiven(Consents.CodeOf(kind), form.Number("version") ?? 0, Accepted: form.Has("accepted"));
                return await Done((await useCase.Run(new(person, consent), http.Caller())).Refusal, "given", http, own);
            },
            rule
        );
        pages.Form(
            $"{address}/withdrawal",
            async (SentForm form, HttpContext http, TWithdraw useCase, OwnConsents own) =>
                http.Caller().ParticipantId is { } person
                    ? await Done((await useCase.Run(person, http.Caller())).Refusal, "withdrawn", http, own)
                    : PageAnswer.From(Gate.NotAllowed),
            rule
        );
    }

    private static Task<IResult> Done(Refusal? refusal, string what, HttpContext http, OwnConsents own) =>
        PageAnswer.After(
            refusal == Executor.AlreadyDone ? null : refusal,
            $"{Address}?{what}",
            wrong => Show(http, own, null, wrong, new ErrorSummary.Line(null, wrong.Detail))
        );

    private static async Task<IResult> Ask(SentForm form, HttpContext http, AskCorrection useCase, OwnConsents own)
    {
        if (http.Caller().ParticipantId is not { } person)
            return PageAnswer.From(Gate.NotAllowed);
        if (Codes.Find<CorrectedField>(form["field"]) is not { } field)
            return await Show(http, own, form, Unnamed, new ErrorSummary.Line("field", "Выберите, что исправить."));
        var refusal = (await useCase.Run(new(person, new(field, form["value"])), http.Caller())).Refusal;
        return await PageAnswer.After(
            refusal == Executor.AlreadyDone ? null : refusal,
            $"{Address}?asked#corrections",
            wrong => Show(http, own, form, wrong, FormErrors.Of(wrong, Fields))
        );
    }

    private static readonly FormField[] Fields = [new("field", "Что исправить"), new("value", "Как должно быть")];

    private static readonly Refusal Unnamed = Refusal.Invalid("field-missing", "Выберите, что исправить.");

    private static Task<IResult> Show(
        HttpContext http,
        OwnConsents own,
        SentForm? typed,
        Refusal? refusal,
        params ErrorSummary.Line[] errors
    ) =>
        PageAnswer.Read<ConsentsPage, ConsentsPage.Facts>(
            http,
            async caller =>
                (await own.All(caller)).Map(facts =>
                    facts with
                    {
                        Told = http.Request.Query.Keys.FirstOrDefault(key => key is "given" or "withdrawn" or "asked"),
                        Field = typed?["field"] ?? "",
                        Value = typed?["value"] ?? "",
                        Errors = errors,
                    }
                ),
            refusal
        );
}
