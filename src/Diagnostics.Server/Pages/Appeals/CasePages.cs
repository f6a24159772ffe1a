using System.Globalization;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.Server.Pages.Appeals;

/// <summary>The conflict commission's pages: its register, one appeal, and a page for each act.</summary>
internal static class CasePages
{
    // A picture is shown as an image, where nothing runs; opened by itself it may not run anything either.
    private const string PicturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    private static readonly Refusal OutcomeMissing = Refusal.Invalid("outcome-missing", "Выберите решение.").With("field", "outcome");

    private static readonly Refusal PointsMissing = Refusal
        .Invalid("criterion-missing", "Поставьте балл по каждому критерию: тогда видно, что изменится.")
        .With("field", "criteria");

    internal static void MapCasePages(this IEndpointRouteBuilder pages)
    {
        var (members, chairs) = (RecuseFromAppeal.Operation.Access, DecideAppeal.Operation.Access);
        pages.Page("/cases", ShowRegister).AllowedTo(members);
        var one = pages.MapGroup("/cases/{appealId:guid}");
        one.Page("", (Guid appealId, HttpContext http, OwnCases own) => Show(appealId, http, own, null)).AllowedTo(members);
        one.Page("/picture", ShowPicture).AllowedTo(members);
        one.Page("/attachments/{number:int}", ShowAttachment).AllowedTo(members);
        one.Page(
                "/scans/{number:int}",
                (Guid appealId, int number, HttpContext http, GetAppealedScan scan) =>
                    ScanDownload.From(http, scan.Run(new(appealId, number), http.Caller()), PageAnswer.From)
            )
            .AllowedTo(members);
        one.Page("/protocol", ShowProtocol).AllowedTo(members);
        one.Page("/letter", ShowLetter).AllowedTo(members);
        one.Form("/admission", Admit, chairs);
        one.Form("/consideration", Consider, chairs);
        Act<RefuseCasePage>(one, "refusal", chairs, Refuse);
        Act<HearingPage>(one, "hearing", chairs, SetHearing);
        Act<RecusalPage>(one, "recusal", members, Recuse);
        Act<OpenMarksPage>(one, "earlier-marks", chairs, OpenMarks);
        one.Page("/proposal", (Guid appealId, HttpContext http, OwnCases own) => ShowProposal(appealId, null, null, http, own))
            .AllowedTo(chairs);
        one.Form("/proposal", Propose, chairs);
        one.Page("/vote", (Guid appealId, HttpContext http, OwnCases own) => ShowVote(appealId, null, null, http, own)).AllowedTo(members);
        one.Form("/vote", Vote, members);
        one.Page("/decision", (Guid appealId, HttpContext http, OwnCases own) => ShowDecision(appealId, null, null, http, own))
            .AllowedTo(chairs);
        one.Form("/decision", Decide, chairs);
    }

    /// <summary>An act whose page shows nothing of the appeal but its head.</summary>
    private static void Act<TPage>(IEndpointRouteBuilder one, string name, AccessRule rule, Delegate act)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        one.Page($"/{name}", (Guid appealId, HttpContext http, OwnCases own) => ShowAct<TPage>(appealId, null, null, http, own))
            .AllowedTo(rule);
        one.Form($"/{name}", act, rule);
    }

    private static async Task<IResult> ShowRegister(HttpContext http, OwnCases own)
    {
        if ((await own.All(http.Caller())).Refused(out var refusal, out var cases))
            return PageAnswer.From(refusal);
        return CaseTable.Register.Answer(
            http.Request,
            cases,
            table => PageAnswer.Of<CasesPage>(new CasesPage.Facts(cases, table, http.Request.Query["said"]))
        );
    }

    private static async Task<IResult> Show(Guid appealId, HttpContext http, OwnCases own, Refusal? error)
    {
        http.Caller().Repeat = null;
        if ((await own.Read(appealId, http.Caller())).Refused(out var refusal, out var facts))
            return PageAnswer.From(refusal);
        var journal = facts.Work?.Journal;
        if (journal is not null && CaseTable.Journal.File(http.Request, journal) is { } file)
            return file;
        return PageAnswer.Of<CasePage>(
            facts with
            {
                Notice = http.Request.Query["said"],
                Error = error?.Detail,
                Journal = journal is null ? null : CaseTable.Journal.View(http.Request, journal),
            },
            error is null ? StatusCodes.Status200OK : Problems.StatusOf(error.Kind)
        );
    }

    private static async Task<IResult> ShowPicture(Guid appealId, HttpContext http, GetAppealedWork useCase)
    {
        if ((await useCase.Run(appealId, http.Caller())).Refused(out var refusal, out var work))
            return PageAnswer.From(refusal);
        if (work.Answer?.Stimulus?.Svg is not { } svg)
            return PageAnswer.From(Refusal.NotFound("picture-not-found", "У этого задания нет рисунка."));
        http.Response.Headers.ContentSecurityPolicy = PicturePolicy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "private, max-age=14400";
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(svg), "image/svg+xml");
    }

    private static async Task<IResult> ShowAttachment(Guid appealId, int number, HttpContext http, GetAppealAttachment useCase)
    {
        var file = await useCase.Run(new(appealId, number), http.Caller());
        return file.Refusal is { } refusal ? PageAnswer.From(refusal) : AttachmentDownload.From(file);
    }

    private static async Task<IResult> ShowProtocol(Guid appealId, HttpContext http, OwnCases own, SheetPage sheet)
    {
        var read = await own.Protocol(appealId, http.Caller());
        return read.Refusal is { } refusal
            ? PageAnswer.From(refusal)
            : await sheet.Show<AppealProtocolSheet, AppealProtocolSheet.Facts>(Task.FromResult(read));
    }

    private static async Task<IResult> ShowLetter(Guid appealId, HttpContext http, GetAppealLetter useCase, SheetPage sheet)
    {
        var letter = await useCase.Run(appealId, http.Caller());
        return letter.Refusal is { } refusal
            ? PageAnswer.From(refusal)
            : await sheet.Show<AppealLetterSheet, AppealLetter>(Task.FromResult(letter));
    }

    private static async Task<IResult> Admit(Guid appealId, SentForm form, HttpContext http, AdmitAppeal useCase, OwnCases own) =>
        await Done(appealId, "admission", (await useCase.Run(appealId, http.Caller())).Refusal, why => Show(appealId, http, own, why));

    private static async Task<IResult> Consider(Guid appealId, SentForm form, HttpContext http, ConsiderAppeal useCase, OwnCases own) =>
        await Done(appealId, "consideration", (await useCase.Run(appealId, http.Caller())).Refusal, why => Show(appealId, http, own, why));

    private static async Task<IResult> Refuse(Guid appealId, SentForm form, HttpContext http, RefuseAppeal useCase, OwnCases own)
    {
        var why = new AppealRefusalRequest(form["reason"], Codes.Find<AppealGround>(form["ground"]));
        return await Done(
            appealId,
            "refusal",
            (await useCase.Run(new(appealId, why), http.Caller())).Refusal,
            refusal => ShowAct<RefuseCasePage>(appealId, form, refusal, http, own)
        );
    }

    private static async Task<IResult> SetHearing(Guid appealId, SentForm form, HttpContext http, SetAppealHearing useCase, OwnCases own)
    {
        var caller = http.Caller();
        if ((await own.Find(appealId, caller)).Refused(out var unknown, out var found))
            return PageAnswer.From(unknown);
        var refusal = TypedTime.Of(form["day"], form["time"], found.TimeZone).Refused(out var untimely, out var at)
            ? untimely
            : (await useCase.Run(new(appealId, new(at, form["place"], form.Text("invitation"), form.Text("reason"))), caller)).Refusal;
        return await Done(appealId, "hearing", refusal, why => ShowAct<HearingPage>(appealId, form, why, http, own));
    }

    private static async Task<IResult> Recuse(Guid appealId, SentForm form, HttpContext http, RecuseFromAppeal useCase, OwnCases own)
    {
        var refusal = (await useCase.Run(new(appealId, new(form["reason"])), http.Caller())).Refusal;
        return IsDone(refusal)
            ? PageAnswer.SeeOther("/cases?said=recused")
            : await ShowAct<RecusalPage>(appealId, form, refusal!, http, own);
    }

    private static async Task<IResult> OpenMarks(Guid appealId, SentForm form, HttpContext http, OpenEarlierMarks useCase, OwnCases own) =>
        await Done(
            appealId,
            "earlier-marks",
            (await useCase.Run(appealId, http.Caller())).Refusal,
            refusal => ShowAct<OpenMarksPage>(appealId, form, refusal, http, own)
        );

    private static async Task<IResult> Propose(Guid appealId, SentForm form, HttpContext http, ProposeAppealDecision useCase, OwnCases own)
    {
        if (form["do"] == "preview")
            return await ShowProposal(appealId, form, null, http, own);
        var refusal = Codes.Find<AppealOutcome>(form["outcome"]) is { } outcome
            ? (
                await useCase.Run(
                    new(appealId, new(outcome, form["clause"], form["reason"], MarksOf(TypedOf(form), outcome))),
                    http.Caller()
                )
            ).Refusal
            : OutcomeMissing;
        return await Done(appealId, "proposal", refusal, why => ShowProposal(appealId, form, why, http, own));
    }

    private static async Task<IResult> Vote(Guid appealId, SentForm form, HttpContext http, VoteOnAppeal useCase, OwnCases own)
    {
        var vote = new VoteRequest(form.Number("proposal") ?? 0, form["vote"] == "for", form.Text("dissent"));
        var refusal = form["vote"] is "for" or "against"
            ? (await useCase.Run(new(appealId, vote), http.Caller())).Refusal
            : Refusal.Invalid("vote-missing", "Выберите, за вы или против.").With("field", "vote");
        return await Done(appealId, "vote", refusal, why => ShowVote(appealId, form, why, http, own));
    }

    private static async Task<IResult> Decide(Guid appealId, SentForm form, HttpContext http, DecideAppeal useCase, OwnCases own)
    {
        var caller = http.Caller();
        if ((await own.Find(appealId, caller)).Refused(out var unknown, out var found))
            return PageAnswer.From(unknown);
        Instant? until = null;
        Refusal? refusal = null;
        if (form.Text("day") is not null || form.Text("time") is not null)
        {
            if (TypedTime.Of(form["day"], form["time"], found.TimeZone).Refused(out refusal, out var end))
                return await ShowDecision(appealId, form, refusal, http, own);
            until = end;
        }
        refusal = (await useCase.Run(new(appealId, new(form.Number("proposal") ?? 0, until)), caller)).Refusal;
        return await Done(appealId, "decision", refusal, why => ShowDecision(appealId, form, why, http, own));
    }

    private static async Task<IResult> ShowAct<TPage>(Guid appealId, SentForm? form, Refusal? why, HttpContext http, OwnCases own)
        where TPage : Microsoft.AspNetCore.Components.IComponent =>
        (await Form(appealId, form, why, http, own)).Refused(out var refusal, out var facts)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<TPage>(facts, StatusOf(why));

    private static async Task<IResult> ShowProposal(Guid appealId, SentForm? form, Refusal? why, HttpContext http, OwnCases own)
    {
        if ((await Form(appealId, form, why, http, own)).Refused(out var refusal, out var facts))
            return PageAnswer.From(refusal);
        if ((await own.Work(appealId, http.Caller())).Refused(out refusal, out var work))
            return PageAnswer.From(refusal);
        // Without a form, the address says which points are tried out.
        if (form is null)
        {
            var tried = http.Request.Query.Where(field => ProposalPage.IsTried(field.Key));
            facts = facts with { Typed = tried.ToDictionary(field => field.Key, field => field.Value.ToString()) };
        }
        var opened = work.Answer?.EarlierMarks is not null;
        var outcome = Codes.Find<AppealOutcome>(facts["outcome"]);
        var effects = outcome is { } chosen ? await own.Effects(appealId, [MarksOf(facts.Typed, chosen)], http.Caller()) : [];
        var effect = effects is [var only, ..] ? only : null;
        if (form?["do"] == "preview" && opened && effect is null)
        {
            why = outcome is null ? OutcomeMissing : PointsMissing;
            facts = facts with { Errors = [new(FieldOf(why), why.Detail)] };
        }
        return PageAnswer.Of<ProposalPage>(new ProposalPage.Facts(facts, work, opened, effect), StatusOf(why));
    }

    private static async Task<IResult> ShowVote(Guid appealId, SentForm? form, Refusal? why, HttpContext http, OwnCases own)
    {
        if ((await Form(appealId, form, why, http, own)).Refused(out var refusal, out var facts))
            return PageAnswer.From(refusal);
        if ((await own.Current(appealId, http.Caller())).Refused(out refusal, out var current))
            return PageAnswer.From(refusal);
        return PageAnswer.Of<VotePage>(new VotePage.Facts(facts, current.Proposal, current.Proceedings, current.Effect), StatusOf(why));
    }

    private static async Task<IResult> ShowDecision(Guid appealId, SentForm? form, Refusal? why, HttpContext http, OwnCases own)
    {
        if ((await Form(appealId, form, why, http, own)).Refused(out var refusal, out var facts))
            return PageAnswer.From(refusal);
        if ((await own.Current(appealId, http.Caller())).Refused(out refusal, out var current))
            return PageAnswer.From(refusal);
        return PageAnswer.Of<DecisionPage>(
            new DecisionPage.Facts(facts, current.Proposal, current.Proceedings, current.Effect),
            StatusOf(why)
        );
    }

    /// <summary>The page of an act, with what was typed and why it was refused.</summary>
    private static async Task<Result<CaseForm.Facts>> Form(Guid appealId, SentForm? form, Refusal? why, HttpContext http, OwnCases own)
    {
        http.Caller().Repeat = null;
        if ((await own.Find(appealId, http.Caller())).Refused(out var refusal, out var found))
            return refusal;
        return new CaseForm.Facts(
            found,
            form is null ? [] : TypedOf(form),
            Again: form is not null,
            why is null ? [] : [new(FieldOf(why), TextOf(why, form))]
        );
    }

    private static async Task<IResult> Done(Guid appealId, string said, Refusal? refusal, Func<Refusal, Task<IResult>> again) =>
        IsDone(refusal) ? PageAnswer.SeeOther($"/cases/{appealId:D}?said={said}") : await again(refusal!);

    /// <summary>Whether the form was carried out, now or when it was sent before.</summary>
    private static bool IsDone(Refusal? refusal) => refusal is null || refusal == Executor.AlreadyDone;

    private static int StatusOf(Refusal? why) => why is null ? StatusCodes.Status200OK : Problems.StatusOf(why.Kind);

    private static string? FieldOf(Refusal refusal) =>
        (refusal.Facts.GetValueOrDefault("field") as string) switch
        {
            "at" or "resitUntil" => "day",
            var field => field,
        };

    /// <summary>The use case names fields as the API does; the page names them as they stand on it.</summary>
    private static string TextOf(Refusal refusal, SentForm? form) =>
        (refusal.Code, FieldOf(refusal)) switch
        {
            ("text-missing", "reason") => "Напишите почему.",
            ("text-missing", "clause") => "Назовите основание: пункт правил или критерий.",
            ("text-missing", "place") => "Напишите, где пройдёт заседание.",
            ("forbidden-character", not null) => "В этом поле есть знак, который нельзя сохранить: наберите текст заново.",
            ("text-too-long", { } field) => $"Текст длиннее, чем можно (сейчас {form?[field].Length} знаков). Сократите его.",
            ("resit-until-missing", _) => "Срок проведения прошёл: укажите, до какого времени можно начать новый сеанс.",
            ("resit-until-invalid", _) => "Укажите время в будущем, не дальше года.",
            ("ground-missing", _) => "Выберите основание.",
            ("proposal-changed", _) => "На голосовании уже другое предложение: вернитесь к апелляции и прочитайте его.",
            _ when refusal.Detail.Contains("resitUntil", StringComparison.Ordinal) =>
                "На площадке участника нет проведения со свободным местом: укажите, до какого времени можно начать новый сеанс.",
            _ => refusal.Detail,
        };

    private static Dictionary<string, string> TypedOf(SentForm form) => form.Names.ToDictionary(name => name, name => form[name]);

    private static IReadOnlyDictionary<string, Points>? MarksOf(IReadOnlyDictionary<string, string> typed, AppealOutcome outcome) =>
        !AppealRules.ChangesPoints(outcome)
            ? null
            : typed
                .Where(field => field.Key.StartsWith(ProposalPage.MarkField, StringComparison.Ordinal))
                .Select(field => (Criterion: field.Key[ProposalPage.MarkField.Length..], Points: PointsOf(field.Value)))
                .Where(mark => mark.Points is not null)
                .ToDictionary(mark => mark.Criterion, mark => mark.Points!.Value);

    private static Points? PointsOf(string typed) =>
        decimal.TryParse(typed, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) && Points.TryFrom(value, out var points)
            ? points
            : null;
}
