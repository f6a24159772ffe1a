using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

/// <summary>The morning of an exam.</summary>
/// <param name="Codes">People who sign in with access codes.</param>
/// <param name="Passwords">People who sign in with passwords, all from the same address as the people with
/// codes.</param>
/// <param name="Within">Seconds within which these people arrive, evenly.</param>
/// <param name="Savers">People of an earlier shift who are saving during this time.</param>
/// <param name="SaveEvery">Seconds between two saves of one person.</param>
/// <param name="Attackers">Connections of an attacker who requests everything that needs no sign-in, as fast as the
/// answers come.</param>
internal sealed record MorningPlan(int Codes, int Passwords, int Within, int Savers, double SaveEvery, int Attackers);

/// <param name="Errors">Answers that an honest person should not get, by request and status; must be empty.</param>
/// <param name="Attack">The attacker's answers, by status.</param>
internal sealed record MorningShift(
    Rate Code,
    Rate Password,
    Rate Save,
    int SignedIn,
    IReadOnlyDictionary<string, int> Errors,
    IReadOnlyDictionary<string, int> Attack,
    double AttacksPerSecond,
    double ProcessorShare
);

/// <param name="Ratio">The 99th percentile of save latency under attack, divided by the same percentile without an
/// attack; must be 2 at most.</param>
internal sealed record MorningReport(MorningPlan Plan, string Provider, MorningShift Quiet, MorningShift Attacked, double Ratio)
{
    internal bool Errorless => Quiet.Errors.Count == 0 && Attacked.Errors.Count == 0;

    internal bool Fast => Attacked.Save.P99 < 150 && Ratio <= 2;
}

/// <summary>
/// Thousands of people sign in within minutes while thousands of others save. The first run has no attacker; in the
/// second an attacker at another address keeps every anonymous operation busy.
/// </summary>
internal static class Morning
{
    private static readonly IPAddress Attacker = IPAddress.Parse("127.0.0.66");

    internal static async Task<MorningReport> Run(MorningPlan plan, LoadDatabase database, TextWriter progress)
    {
        await progress.WriteLineAsync($"preparing {plan.Codes + plan.Savers} people");
        List<Sitting> desks = [.. Enumerable.Repeat(Sitting.Scheduled, plan.Codes), .. Enumerable.Repeat(Sitting.Started, plan.Savers)];
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, desks, experts: 0, database.Settings);
        using var server = await ServerProcess.Start(exam.DataFolder, Repository.Bank, [.. ServerProcess.Unlimited, .. database.Settings]);
        await progress.WriteLineAsync("handing out codes and passwords");
        var (codes, passwords) = await HandOut(exam, server.Port, plan);
        var savers = exam.Desks.Skip(plan.Codes).Select(desk => new SaveBenchmark.Taker(desk)).ToList();
        await progress.WriteLineAsync("the morning without an attacker");
        var quiet = await Shift(plan with { Attackers = 0 }, server, codes, passwords, savers);
        await progress.WriteLineAsync("the same with one");
        var attacked = await Shift(plan, server, codes, passwords, savers);
        return new(plan, database.Provider, quiet, attacked, attacked.Save.P99 / quiet.Save.P99);
    }

    private static async Task<(IReadOnlyList<string> Codes, IReadOnlyList<(string Name, string Password)> Passwords)> HandOut(
        Exam exam,
        int port,
        MorningPlan plan
    )
    {
        using var wire = await Wire.Connect(port);
        var codes = new List<string>();
        while (codes.Count < plan.Codes)
        {
            var sheet = await Ask(
                wire,
                "POST",
                $"/api/v1/campaigns/{exam.CampaignId}/access-codes",
                exam.OperatorToken,
                $$"""{"siteId":"{{exam.SiteId}}"}"""
            );
            codes.AddRange(sheet["codes"]!.AsArray().Select(code => code!["code"]!.GetValue<string>()));
        }
        var passwords = new List<(string, string)>();
        var people = await Ask(wire, "GET", $"/api/v1/people?limit={plan.Passwords}", exam.OperatorToken, "");
        foreach (var person in people["items"]!.AsArray())
        {
            var made = await Ask(wire, "POST", $"/api/v1/people/{person!["participantId"]}/account", exam.OperatorToken, "{}");
            passwords.Add((made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>()));
        }
        return (codes.Take(plan.Codes).ToList(), passwords);
    }

    private static async Task<JsonNode> Ask(Wire wire, string method, string path, string token, string body)
    {
        var (status, answer) = await wire.Send(method, path, token, body);
        return status is >= 200 and < 300
            ? JsonNode.Parse(answer)!
            : throw new InvalidOperationException($"{method} {path}: {status} {answer}");
    }

    private static async Task<MorningShift> Shift(
        MorningPlan plan,
        ServerProcess server,
        IReadOnlyList<string> codes,
        IReadOnlyList<(string Name, string Password)> passwords,
        IReadOnlyList<SaveBenchmark.Taker> savers
    )
    {
        using var over = new CancellationTokenSource();
        var book = new Book();
        var (watch, processor) = (Stopwatch.StartNew(), server.ProcessorTime());
        var refused = savers.Sum(saver => saver.Refused);
        var saving = savers.Select((saver, place) => Task.Run(() => Save(server.Port, saver, plan, place, book, over.Token))).ToList();
        var attacking = Enumerable
            .Range(0, plan.Attackers)
            .Select(place => Task.Run(() => Attack(server.Port, place, book, over.Token)))
            .ToList();
        var coming = codes
            .Select(
                (code, place) =>
                    SignIn(
                        server.Port,
                        plan,
                        "code",
                        place,
                        codes.Count,
                        book,
                        "/api/v1/auth/code",
                        $$"""{"code":"{{code}}"}""",
                        "application/json"
                    )
            )
            .Concat(
                passwords.Select(
                    (account, place) =>
                        SignIn(
                            server.Port,
                            plan,
                            "password",
                            place,
                            passwords.Count,
                            book,
                            "/api/v1/auth/token",
                            $"grant_type=password&username={Uri.EscapeDataString(account.Name)}&password={Uri.EscapeDataString(account.Password)}",
                            "application/x-www-form-urlencoded"
                        )
                )
            )
            .ToList();
        await Task.WhenAll(coming);
        var (seconds, used) = (watch.Elapsed.TotalSeconds, (server.ProcessorTime() - processor).TotalSeconds);
        await over.CancelAsync();
        await Task.WhenAll(saving.Concat(attacking));
        refused = savers.Sum(saver => saver.Refused) - refused;
        if (refused > 0)
            book.Errors["save refused"] = refused;
        return new(
            book.Rate("code", seconds),
            book.Rate("password", seconds),
            book.Rate("save", seconds),
            book.Count("code") + book.Count("password"),
            book.Errors,
            book.Attacks,
            book.Attacks.Values.Sum() / seconds,
            used / seconds
        );
    }

    private static async Task SignIn(
        int port,
        MorningPlan plan,
        string kind,
        int place,
        int of,
        Book book,
        string path,
        string body,
        string type
    )
    {
        await Task.Delay(TimeSpan.FromSeconds(plan.Within * (double)place / of));
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var wire = await Wire.Connect(port);
            var (status, _) = await wire.Send("POST", path, "", body, type);
            if (status == 200)
                book.Took(kind, began);
            else
                book.Error($"{kind} {status}");
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            book.Error($"{kind} {fault.GetType().Name}");
        }
    }

    private static async Task Save(int port, SaveBenchmark.Taker saver, MorningPlan plan, int place, Book book, CancellationToken over)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(plan.SaveEvery * place / plan.Savers), over);
            using var wire = await Wire.Connect(port);
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(plan.SaveEvery));
            do
            {
                var began = Stopwatch.GetTimestamp();
                await saver.Send(wire, check: false);
                book.Took("save", began);
            } while (await timer.WaitForNextTickAsync(over));
        }
        catch (OperationCanceledException)
        {
            // The morning is over.
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            book.Error($"save {fault.GetType().Name}");
        }
    }

    /// <summary>
    /// Requests everything that needs no sign-in, in turn; each connection begins at a different place in the list.
    /// </summary>
    private static async Task Attack(int port, int place, Book book, CancellationToken over)
    {
        const string form = "application/x-www-form-urlencoded";
        Wire? wire = null;
        for (var turn = place; !over.IsCancellationRequested; turn++)
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"{place}-{turn}");
            (string Method, string Path, string Body, string Type) wanted = (turn % 8) switch
            {
                0 => ("POST", "/api/v1/auth/token", $"grant_type=password&username=nobody-{number}&password=whatever-{number}", form),
                1 => ("POST", "/api/v1/auth/token", $"grant_type=refresh_token&refresh_token=CfDJ8{number}", form),
                2 => ("POST", "/api/v1/auth/token", $"grant_type=client_credentials&client_id=portal-{place}&client_secret={number}", form),
                3 => ("POST", "/api/v1/auth/code", $$"""{"code":"{{Guess(place * 7919 + turn)}}"}""", "application/json"),
                4 => ("GET", "/openapi/v1.json", "", form),
                5 => ("GET", "/health/ready", "", form),
                6 => ("GET", "/api/v1/profiles/schema", "", form),
                _ => ("GET", "/swagger/index.html", "", form),
            };
            try
            {
                wire ??= await Wire.Connect(port, Attacker);
                var (status, _) = await wire.Send(wanted.Method, wanted.Path, "", wanted.Body, wanted.Type);
                book.Attack(status.ToString(CultureInfo.InvariantCulture));
                if (!wire.Closing)
                    continue;
            }
            catch (Exception fault) when (fault is IOException or SocketException)
            {
                book.Attack(fault.GetType().Name);
            }
            wire?.Dispose();
            wire = null;
        }
        wire?.Dispose();
    }

    /// <summary>
    /// A code that nobody has. Its check character is right, because a code with a wrong one would not even be looked
    /// up.
    /// </summary>
    private static string Guess(int number)
    {
        var signs = new char[TypedCode.RandomLength];
        for (var place = 0; place < signs.Length; place++, number = (int)(number * 48271L % int.MaxValue))
            signs[place] = TypedCode.Alphabet[Math.Abs(number) % TypedCode.Alphabet.Length];
        return TypedCode.Of(new string(signs));
    }

    private sealed class Book
    {
        private readonly ConcurrentDictionary<string, ConcurrentQueue<double>> taken = new();

        internal ConcurrentDictionary<string, int> Errors { get; } = new();

        internal ConcurrentDictionary<string, int> Attacks { get; } = new();

        internal void Took(string kind, long began) =>
            taken.GetOrAdd(kind, _ => new()).Enqueue(Stopwatch.GetElapsedTime(began).TotalMilliseconds);

        internal void Error(string what) => Errors.AddOrUpdate(what, 1, (_, count) => count + 1);

        internal void Attack(string what) => Attacks.AddOrUpdate(what, 1, (_, count) => count + 1);

        internal int Count(string kind) => taken.TryGetValue(kind, out var all) ? all.Count : 0;

        internal Rate Rate(string kind, double seconds)
        {
            var all = taken.TryGetValue(kind, out var known) ? known.Order().ToArray() : [];
            double At(double share) => all.Length == 0 ? 0 : all[Math.Min(all.Length - 1, (int)(share * all.Length))];
            return new(all.Length / seconds, At(0.50), At(0.95), At(0.99), At(1));
        }
    }
}
