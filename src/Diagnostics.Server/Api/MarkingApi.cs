using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Marking;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Api;

/// <summary>Marking of open answers: scripts, control of experts, supervision, key review, scores.</summary>
internal static class MarkingApi
{
    internal static void MapMarking(this IEndpointRouteBuilder routes)
    {
        var marking = routes.MapGroup("/marking").WithTags("Marking");
        var reviews = routes.MapGroup("/key-reviews").WithTags("Marking");
        var sessions = routes.MapGroup("/sessions").WithTags("Marking");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Marking");
        MapClaims(marking);
        MapControl(marking);
        MapSupervision(marking, campaigns);
        MapKeyReviews(reviews);
        MapScores(sessions, campaigns);
    }

    private static void MapClaims(RouteGroupBuilder marking)
    {
        marking
            .Post(
                "/claims",
                ClaimScript.Operation,
                (ClaimRequest request, HttpContext http, ClaimScript useCase) => CreatedOrNone(useCase.Run(request, http.Caller()))
            )
            .WithSummary("Взять следующую работу на проверку; 204 — для вас работ сейчас нет")
            .MayFindNothing();

        marking
            .Get(
                "/claims",
                ListMyClaims.Operation,
                (HttpContext http, ListMyClaims useCase) => useCase.Run(default, http.Caller()).OkPage()
            )
            .WithSummary("Работы, которые сейчас у вас на проверке");

        marking
            .Get(
                "/claims/in-hand",
                ListClaimsInHand.Operation,
                (HttpContext http, ListClaimsInHand useCase) => useCase.Run(default, http.Caller()).OkPage()
            )
            .WithSummary("Они же без ответов: что взято, до какого времени и есть ли черновик");

        marking
            .Get(
                "/assignments/{assignmentId:guid}",
                GetMyClaim.Operation,
                (Guid assignmentId, HttpContext http, GetMyClaim useCase) => useCase.Run(assignmentId, http.Caller()).Ok()
            )
            .MayAnswer(409)
            .WithSummary("Работа, которая у вас на проверке");

        marking
            .Get(
                "/assignments/{assignmentId:guid}/scans/{number:int}",
                GetClaimedScan.Operation,
                (Guid assignmentId, int number, HttpContext http, GetClaimedScan useCase) =>
                    ScanDownload.From(http, useCase.Run(new(assignmentId, number), http.Caller()))
            )
            .MayAnswer(409)
            .WithSummary("Скан ответа, который у вас на проверке")
            .ProducesScan();

        marking
            .Put(
                "/assignments/{assignmentId:guid}/draft",
                SaveMarksDraft.Operation,
                (Guid assignmentId, MarksDraft request, HttpContext http, SaveMarksDraft useCase) =>
                    useCase.Run(new(assignmentId, request), http.Caller()).NoContent()
            )
            .MayAnswer(412)
            .WithSummary("Сохранить черновик баллов");

        marking
            .Get(
                "/assignments/{assignmentId:guid}/alike",
                ListAlike.Operation,
                (Guid assignmentId, HttpContext http, ListAlike useCase) => useCase.Run(assignmentId, http.Caller()).Ok()
            )
            .WithSummary("Одинаковые ответы, которые получат те же баллы");

        marking
            .Post(
                "/assignments/{assignmentId:guid}/lease",
                RenewClaim.Operation,
                (Guid assignmentId, HttpContext http, RenewClaim useCase) => useCase.Run(assignmentId, http.Caller()).Ok()
            )
            .WithSummary("Продлить срок проверки работы");

        marking
            .Post(
                "/assignments/{assignmentId:guid}/return",
                ReturnScript.Operation,
                (Guid assignmentId, ReturnRequest request, HttpContext http, ReturnScript useCase) =>
                    useCase.Run(new(assignmentId, request), http.Caller()).NoContent()
            )
            .WithSummary("Вернуть работу в очередь с указанием причины");

        marking
            .Post(
                "/assignments/{assignmentId:guid}/marks",
                AwardMarks.Operation,
                (Guid assignmentId, MarksRequest request, HttpContext http, AwardMarks useCase) =>
                    useCase.Run(new(assignmentId, request), http.Caller()).Ok()
            )
            .WithSummary("Выставить баллы по критериям");

        marking
            .Post(
                "/assignments/{assignmentId:guid}/hold",
                HoldMarks.Operation,
                (Guid assignmentId, HoldRequest request, HttpContext http, HoldMarks useCase) =>
                    useCase.Run(new(assignmentId, request), http.Caller()).Ok()
            )
            .MayAnswer(412)
            .WithSummary("Выставить баллы так, чтобы их ещё можно было вернуть");

        marking
            .Post(
                "/assignments/{assignmentId:guid}/taking-back",
                TakeBackMarks.Operation,
                (Guid assignmentId, HttpContext http, TakeBackMarks useCase) => useCase.Run(assignmentId, http.Caller()).NoContent()
            )
            .WithSummary("Вернуть к правке баллы, которые ещё не стали оценкой");

        marking
            .Get(
                "/mine",
                ListMyMarking.Operation,
                (HttpContext http, ListMyMarking useCase) => useCase.Run(default, http.Caller()).OkPage()
            )
            .WithSummary("Что вам предстоит проверить, и что вы уже проверили");

        marking
            .Get(
                "/mine/marks",
                ListMyMarks.Operation,
                (HttpContext http, ListMyMarks useCase) => useCase.Run(default, http.Caller()).OkPage()
            )
            .WithSummary("Что вы проверили: задание, когда и за сколько секунд");
    }

    private static void MapControl(RouteGroupBuilder marking)
    {
        marking
            .Post(
                "/training",
                StartTraining.Operation,
                (TrainingRequest request, HttpContext http, StartTraining useCase) => CreatedOrNone(useCase.Run(request, http.Caller()))
            )
            .WithSummary("Взять учебную работу; 204 — новых учебных работ по этому заданию нет")
            .MayFindNothing();

        marking
            .Post(
                "/benchmarks",
                MakeBenchmark.Operation,
                (BenchmarkRequest request, HttpContext http, MakeBenchmark useCase) =>
                    useCase
                        .Run(request, http.Caller())
                        .Created(benchmark => $"/api/v1/marking/benchmarks?campaignId={benchmark.CampaignId:D}")
            )
            .WithSummary("Завести эталонную работу с согласованными баллами")
            .MayFindNothing();

        marking
            .Get(
                "/benchmarks",
                ListBenchmarks.Operation,
                (Guid campaignId, HttpContext http, ListBenchmarks useCase, Guid? after, int? limit) =>
                    useCase.Run(new(campaignId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Эталонные работы мероприятия")
            .MayFindNothing();

        marking
            .Post(
                "/benchmarks/{benchmarkId:guid}/retirement",
                RetireBenchmark.Operation,
                (Guid benchmarkId, RetireRequest request, HttpContext http, RetireBenchmark useCase) =>
                    useCase.Run(new(benchmarkId, request), http.Caller()).Ok()
            )
            .WithSummary("Вывести эталонную работу: больше она не выдаётся");

        marking
            .Get(
                "/admissions",
                ListAdmissions.Operation,
                (Guid campaignId, HttpContext http, ListAdmissions useCase) => useCase.Run(campaignId, http.Caller()).OkPage()
            )
            .WithSummary("Допуск экспертов к заданиям: квалификация и контроль")
            .MayFindNothing();

        marking
            .Get(
                "/admissions/mine",
                ListMyAdmissions.Operation,
                (Guid campaignId, HttpContext http, ListMyAdmissions useCase) => useCase.Run(campaignId, http.Caller()).OkPage()
            )
            .WithSummary("Ваш допуск к заданиям мероприятия")
            .MayFindNothing();

        marking
            .Post(
                "/admissions/{expertId:guid}/{itemCode}/resumption",
                ResumeExpert.Operation,
                (Guid expertId, string itemCode, AdmissionDecision request, HttpContext http, ResumeExpert useCase) =>
                    useCase.Run(new(expertId, itemCode, request), http.Caller()).Ok()
            )
            .WithSummary("Снять приостановку: эксперт снова проверяет это задание")
            .MayFindNothing();

        marking
            .Post(
                "/admissions/{expertId:guid}/{itemCode}/requalification",
                RequalifyExpert.Operation,
                (Guid expertId, string itemCode, AdmissionDecision request, HttpContext http, RequalifyExpert useCase) =>
                    useCase.Run(new(expertId, itemCode, request), http.Caller()).Ok()
            )
            .WithSummary("Назначить эксперту новую квалификацию по заданию")
            .MayFindNothing();
    }

    private static void MapSupervision(RouteGroupBuilder marking, RouteGroupBuilder campaigns)
    {
        marking
            .Get(
                "/alerts",
                ListMarkingAlerts.Operation,
                (Guid campaignId, HttpContext http, ListMarkingAlerts useCase, Guid? after, int? limit) =>
                    useCase.Run(new(campaignId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Эксперты, приостановленные после контрольной работы")
            .MayFindNothing();

        marking
            .Post(
                "/assignments/{assignmentId:guid}/flags",
                FlagScript.Operation,
                (Guid assignmentId, FlagRequest request, HttpContext http, FlagScript useCase) =>
                    useCase.Run(new(assignmentId, request), http.Caller()).NoContent()
            )
            .WithSummary("Пометить работу («автор раскрыл себя»): она уйдёт другому эксперту");

        marking
            .Get(
                "/flags",
                ListFlags.Operation,
                (Guid campaignId, HttpContext http, ListFlags useCase, Guid? after, int? limit, bool toMe = false) =>
                    useCase.Run(new(campaignId, after, limit, toMe), http.Caller()).Ok()
            )
            .WithSummary("Пометки экспертов на работах мероприятия, эталонные среди них")
            .MayFindNothing();

        marking
            .Post(
                "/flags/{flagId:guid}/decision",
                DecideFlag.Operation,
                (Guid flagId, FlagDecisionRequest request, HttpContext http, DecideFlag useCase) =>
                    useCase.Run(new(flagId, request), http.Caller()).Ok()
            )
            .WithSummary("Решить о пометке эксперта");

        MapScripts(marking);

        marking
            .Get(
                "/campaigns",
                ListLedCampaigns.Operation,
                (HttpContext http, ListLedCampaigns useCase) => useCase.Run(default, http.Caller()).OkPage()
            )
            .WithSummary("Мероприятия, проверкой в которых вы руководите");

        marking
            .Get(
                "/overview",
                GetMarkingOverview.Operation,
                (Guid campaignId, HttpContext http, GetMarkingOverview useCase) => useCase.Run(campaignId, http.Caller()).Ok()
            )
            .WithSummary("Что в проверке ждёт решения и далеко ли до конца")
            .MayFindNothing();

        marking
            .Get(
                "/flags/rules",
                ListFlagRules.Operation,
                (Guid campaignId, HttpContext http, ListFlagRules useCase) => useCase.Run(campaignId, http.Caller()).OkPage()
            )
            .WithSummary("Кому и как скоро сообщают о каждой пометке")
            .MayAnswer(409)
            .MayFindNothing();

        marking
            .Get(
                "/progress",
                GetMarkingProgress.Operation,
                (Guid campaignId, HttpContext http, GetMarkingProgress useCase) => useCase.Run(campaignId, http.Caller()).Ok()
            )
            .WithSummary("Ход проверки: по заданиям и по экспертам")
            .MayFindNothing();

        marking
            .Get(
                "/statistics",
                GetMarkingStatistics.Operation,
                (Guid campaignId, HttpContext http, GetMarkingStatistics useCase) => useCase.Run(campaignId, http.Caller()).Ok()
            )
            .WithSummary(
                "Статистика проверки: согласие, строгость и скорость экспертов, третьи проверки и вторые взгляды, баллы по критериям"
            )
            .MayFindNothing();

        campaigns
            .Post(
                "/{campaignId:guid}/results/approval",
                ApproveMarking.Operation,
                (Guid campaignId, ApprovalRequest request, HttpContext http, ApproveMarking useCase) =>
                    useCase
                        .Run(new(campaignId, request), http.Caller())
                        .Created(protocol => $"/api/v1/campaigns/{protocol.CampaignId:D}/results/protocols")
            )
            .WithSummary("Утвердить результаты проверки протоколом комиссии");

        campaigns
            .Get(
                "/{campaignId:guid}/results/approval",
                GetProtocolDraft.Operation,
                (Guid campaignId, HttpContext http, GetProtocolDraft useCase) => useCase.Run(campaignId, http.Caller()).Ok()
            )
            .WithSummary("Что сказал бы протокол, если утвердить его сейчас")
            .MayFindNothing();

        campaigns
            .Get(
                "/{campaignId:guid}/results/protocols",
                ListProtocols.Operation,
                (Guid campaignId, HttpContext http, ListProtocols useCase) => useCase.Run(campaignId, http.Caller()).OkPage()
            )
            .WithSummary("Протоколы комиссии; действует последний")
            .MayFindNothing();
    }

    private static void MapScripts(RouteGroupBuilder marking)
    {
        marking
            .Get(
                "/scripts",
                ListScripts.Operation,
                (Guid campaignId, HttpContext http, ListScripts useCase, Guid? after, int? limit) =>
                    useCase.Run(new(campaignId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Работы мероприятия без имён: кто их проверяет и что поставил")
            .MayFindNothing();

        marking
            .Get(
                "/scripts/{scriptId:guid}",
                GetScript.Operation,
                (Guid scriptId, HttpContext http, GetScript useCase) => useCase.Run(scriptId, http.Caller()).Ok()
            )
            .WithSummary("Работа без имени: ответ, все проверки и чем решён балл");

        marking
            .Get(
                "/scripts/{scriptId:guid}/scans/{number:int}",
                GetScriptScan.Operation,
                (Guid scriptId, int number, HttpContext http, GetScriptScan useCase) =>
                    ScanDownload.From(http, useCase.Run(new(scriptId, number), http.Caller()))
            )
            .WithSummary("Скан ответа без имени, для тех, кто ведёт проверку")
            .ProducesScan();

        marking
            .Post(
                "/scripts/{scriptId:guid}/reassignment",
                ReassignScript.Operation,
                (Guid scriptId, ScriptReassignmentRequest request, HttpContext http, ReassignScript useCase) =>
                    useCase.Run(new(scriptId, request), http.Caller()).Ok()
            )
            .WithSummary("Забрать работу у эксперта, отдать её другому или то и другое");
    }

    private static void MapKeyReviews(RouteGroupBuilder reviews)
    {
        reviews
            .Get(
                "/",
                ListKeyReviews.Operation,
                (Guid campaignId, HttpContext http, ListKeyReviews useCase, string? after, int? limit, bool decided = false) =>
                    useCase.Run(new(campaignId, after, limit, decided), http.Caller()).Ok()
            )
            .MayAnswer(422)
            .WithSummary("Краткие ответы, не совпавшие с ключом, по группам")
            .WithDescription("decided=true показывает группы, по которым решение уже действует.")
            .MayFindNothing();

        reviews
            .Post(
                "/decisions",
                DecideKey.Operation,
                (KeyDecisionRequest request, HttpContext http, DecideKey useCase) => useCase.Run(request, http.Caller()).Ok()
            )
            .WithSummary("Принять или отклонить краткий ответ раз и навсегда; пересчитать всех")
            .MayFindNothing();
    }

    private static void MapScores(RouteGroupBuilder sessions, RouteGroupBuilder campaigns)
    {
        sessions
            .Get(
                "/{sessionId:guid}/scores",
                GetScores.Operation,
                (Guid sessionId, HttpContext http, GetScores useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Баллы сеанса: все раунды каждого задания и почему решает именно этот");

        campaigns
            .Get(
                "/{campaignId:guid}/scoring-faults",
                ListScoringFaults.Operation,
                (Guid campaignId, HttpContext http, ListScoringFaults useCase, Guid? after, int? limit) =>
                    useCase.Run(new(campaignId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Сеансы, которые не удалось оценить, и почему");

        sessions
            .Post(
                "/{sessionId:guid}/scoring",
                ScoreSession.Operation,
                (Guid sessionId, HttpContext http, ScoreSession useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Оценить сеанс ещё раз после сбоя");
    }

    /// <summary>An expert gets 204 when there is nothing to mark now.</summary>
    private static async Task<Results<Created<ClaimedScript>, NoContent, ProblemHttpResult>> CreatedOrNone(
        Task<Result<ClaimedScript?>> claiming
    )
    {
        if ((await claiming).Refused(out var refusal, out var script))
            return Problems.From(refusal);
        if (script is null)
            return TypedResults.NoContent();
        return TypedResults.Created($"/api/v1/marking/assignments/{script.AssignmentId:D}", script);
    }
}
