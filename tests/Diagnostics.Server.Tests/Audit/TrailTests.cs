using Diagnostics.Server.Tests.Access;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.TestKit.Server.Fuzz;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Audit;

using Operation = Diagnostics.UseCases.Execution.Operation;

/// <summary>
/// Every operation of the API, one by one: which entries the audit trail gets when somebody calls it, and that they are
/// those which the operation declares.
/// </summary>
public sealed class TrailTests(TrailTests.Told told) : IClassFixture<TrailTests.Told>
{
    /// <summary>A service on which the stories that reach every operation were told, one request after another.</summary>
    public sealed class Told : IAsyncLifetime
    {
        private TestService Service { get; } =
            new()
            {
                More = [.. ServerProcess.Unlimited, WebhookCampaign.ReceiverAllowed],
                Replace = services => services.AddSingleton<IClock>(SystemClock.Instance),
            };

        private const int MostAttempts = 300;

        private static readonly string[] LastOfAll =
        [
            "ErasePerson",
            "DeactivateClient",
            "RemoveSecondFactor",
            "EndGrant",
            "ResetPassword",
            "DeactivateAccount",
            "ActivateAccount",
        ];

        private readonly Contract contract = Contract.Read(
            File.ReadAllText(Path.Combine(Repository.Root, "openapi", "diagnostics.v1.json"))
        );
        private readonly Knowledge known;

        public Told() => known = new(contract);

        internal IReadOnlyList<AccessMatrixTests.Declared> Operations { get; private set; } = [];

        /// <summary>The actions of the entries that each call of an operation made.</summary>
        internal Dictionary<string, List<string[]>> Made { get; } = [];

        public async Task InitializeAsync()
        {
            await Service.InitializeAsync();
            Operations = Service
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<Operation>() is not null)
                .Select(endpoint => new AccessMatrixTests.Declared(endpoint))
                .ToList();
            await using var sink = await WebhookSink.Start();
            var stories = new[] { Path.Combine("openapi", "walkthrough.http"), Path.Combine("tools", "Fuzz", "operations.http") };
            var text = await Task.WhenAll(stories.Select(story => File.ReadAllTextAsync(Path.Combine(Repository.Root, story))));
            await HttpFile
                .Parse(WithoutCalibrations(string.Join('\n', text)))
                .Run(
                    new Dictionary<string, string>
                    {
                        ["host"] = Service.Url,
                        ["password"] = Service.AdminPassword,
                        ["sink"] = sink.Url,
                    },
                    SystemClock.Instance,
                    through: new Recorder(this)
                );
            await AskTheRest();
        }

        /// <summary>
        /// Asks for what the stories do not show, about the things that they made: first what changes nothing, and last
        /// what may take the right to ask away.
        /// </summary>
        private async Task AskTheRest()
        {
            using var client = new HttpClient(new Recorder(this)) { BaseAddress = new Uri(Service.Url) };
            var random = new Random(1);
            var admin = Service.Admin.DefaultRequestHeaders.Authorization!.Parameter!;
            var tokens = known.Tokens.ToList();
            var scene = new CampaignScene(Service);
            var site = await scene.AddSite();
            var headers = new[] { ("Authorization", $"Bearer {admin}") };
            await Send(client, new("DELETE", $"{CampaignScene.V1}/campaigns/{await scene.AddDraft(await scene.AddSite())}", headers, null));
            await Send(client, new("DELETE", $"{CampaignScene.V1}/sites/{site}", headers, null));
            foreach (var operation in contract.Operations.OrderBy(operation => (operation.Method != "GET", Risk(operation.Id))))
                for (var attempt = 0; attempt < MostAttempts && !IsShown(operation.Id); attempt++)
                    if (known.Draft(operation, random, attempt % 2 == 0 ? admin : tokens[random.Next(tokens.Count)]) is { } sent)
                        await Send(client, sent);
        }

        private static int Risk(string operation) => Array.IndexOf(LastOfAll, operation);

        private static async Task Send(HttpClient client, Sent sent)
        {
            using var message = new HttpRequestMessage(new(sent.Method), sent.Path);
            if (sent.Body is { } body)
                message.Content = new ByteArrayContent(body);
            foreach (var (name, value) in sent.Headers)
                if (!message.Headers.TryAddWithoutValidation(name, value))
                    message.Content?.Headers.TryAddWithoutValidation(name, value);
            (await client.SendAsync(message)).Dispose();
        }

        private bool IsShown(string operation) =>
            Operations.FirstOrDefault(one => one.Operation.Name == operation) is not { Operation.Trail.Actions.Count: > 0 }
            || Made.GetValueOrDefault(operation)?.Any(entries => entries.Length > 0) is true;

        public Task DisposeAsync() => Service.DisposeAsync();

        /// <summary>A calibration needs the hundreds of people of the demonstration.</summary>
        private static string WithoutCalibrations(string stories)
        {
            var begin = stories.IndexOf("### A calibration", StringComparison.Ordinal);
            var end = stories.IndexOf("### The session that ran out", StringComparison.Ordinal);
            return stories[..begin] + stories[end..];
        }

        private sealed class Recorder(Told told) : DelegatingHandler(new SocketsHttpHandler())
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var database = told.Service.Services.GetRequiredService<Database>();
                var before = (await database.Read(AuditStore.Head))!.Number;
                var answer = await base.SendAsync(request, cancellationToken);
                await told.known.Learn(request, answer, cancellationToken);
                var call = new AccessMatrixTests.Call(request.Method, request.RequestUri!.PathAndQuery, null, null);
                if (
                    answer.IsSuccessStatusCode
                    && told.contract.Of(call.Method.Method, call.Path) is { } described
                    && told.Operations.FirstOrDefault(one => one.Operation.Name == described.Id) is { } declared
                )
                {
                    var entries = await database.Read(db => AuditStore.List(db, null, null, null, before, 1000));
                    if (!told.Made.TryGetValue(declared.Operation.Name, out var made))
                        told.Made[declared.Operation.Name] = made = [];
                    made.Add(
                        entries
                            .Where(entry => OfTheCaller(entry) && OfTheCall(declared.Operation, entry))
                            .Select(entry => entry.Action)
                            .ToArray()
                    );
                }
                return answer;
            }
        }

        /// <summary>A job does its work in the name of whoever asked for it, while the caller waits for its end.</summary>
        private static bool OfTheCall(Operation operation, AuditRow entry) =>
            operation.Name is not ("EnrolByTable" or "ApproveByRule" or "GetJob")
            || entry.Action.StartsWith("job.", StringComparison.Ordinal);

        /// <summary>Neither of work in the background nor of an earlier refusal, which is recorded after the answer.</summary>
        private static bool OfTheCaller(AuditRow entry) =>
            entry.Actor is not ("service" or "console" or "bank")
            && entry.Action is not (SignInTrail.RefusedAction or SignInTrail.LockedAction or SignInTrail.ClientAction);
    }

    /// <summary>Operations that the stories do not reach, with the tests that look at their entries.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["RequestCalibration"] = "CalibrationTests",
        ["CancelCalibration"] = "CalibrationTests",
        ["ApproveCalibration"] = "CalibrationTests",
        ["RejectCalibration"] = "CalibrationTests",
        ["CancelJob"] = "JobTests",
        ["AddCampaignSite"] = "CampaignDecisionTests",
        ["FinishBySite"] = "DayTests",
        ["ListProfiles"] = "ProfileTests",
        ["ReadProfileFeed"] = "FeedTests",
        ["ListAlike"] = "MarkingTests",
        ["MakePaperPackages"] = "PaperTests",
        ["ListPaperWorks"] = "PaperTests",
        ["PrintPaperPackages"] = "PaperTests",
        ["StartOnPaper"] = "PaperTests",
        ["CollectPaper"] = "PaperTests",
        ["GetPaperToEnter"] = "PaperTests",
        ["EnterPaper"] = "PaperTests",
        ["AddPaperScan"] = "PaperScanTests",
        ["ListPaperScans"] = "PaperScanTests",
        ["GetPaperScan"] = "PaperScanTests",
        ["WithdrawPaperScan"] = "PaperScanTests",
        ["GetScriptScan"] = "PaperScanTests",
        ["GetAppealedScan"] = "PaperScanTests",
    };

    [Fact]
    public void Every_act_and_every_look_makes_the_entries_that_its_operation_declares()
    {
        var faults = new List<string>();
        foreach (var operation in told.Operations.Select(declared => declared.Operation))
        {
            var made = told.Made.GetValueOrDefault(operation.Name) ?? [];
            var actions = operation.Trail.Actions;
            foreach (var other in made.SelectMany(entries => entries).Distinct().Where(action => !actions.Any(one => Fits(action, one))))
                faults.Add($"{operation.Name} makes {other}, but declares [{string.Join(", ", actions)}]");
            if (actions.Count > 0 && !Elsewhere.ContainsKey(operation.Name) && made.All(entries => entries.Length == 0))
                faults.Add($"{operation.Name} declares [{string.Join(", ", actions)}], but made nothing in {made.Count} calls");
        }

        string.Join("\n", faults).Should().BeEmpty();
        told.Operations.Should().HaveCountGreaterThan(180);
    }

    /// <summary>An action that ends with * stands for all that begin like it.</summary>
    private static bool Fits(string action, string declared) =>
        declared.EndsWith('*') ? action.StartsWith(declared[..^1], StringComparison.Ordinal) : action == declared;
}
