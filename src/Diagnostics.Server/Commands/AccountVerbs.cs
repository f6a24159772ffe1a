using System.CommandLine;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Commands;

/// <summary>
/// The verbs <c>unlock</c>, <c>reset-password</c> and <c>remove-second-factor</c>. A person who may run commands on the
/// machine uses them when nobody with the same rights over the API can sign in. The audit trail records each use.
/// </summary>
internal static class AccountVerbs
{
    private const int Fine = 0;
    private const int NoSuchAccount = 1;

    internal static IEnumerable<Command> All()
    {
        yield return Make("unlock", "Забыть неудачные попытки входа учётной записи", Unlock);
        yield return Make(
            "reset-password",
            "Выдать учётной записи новый пароль: он показывается один раз, прежние входы заканчиваются",
            Reset
        );
        yield return Make(
            "remove-second-factor",
            "Снять второй фактор: телефон и резервные коды потеряны; прежние входы заканчиваются",
            RemoveSecondFactor
        );
    }

    internal static async Task<int> Unlock(Database database, string userName, TextWriter output, TextWriter errors)
    {
        if (!await new ConsoleRepair(database, new NodeClock(TimeProvider.System)).Unlock(userName))
            return await Unknown(userName, errors);
        await output.WriteLineAsync($"Попытки входа «{userName}» забыты.");
        return Fine;
    }

    internal static async Task<int> Reset(Database database, string userName, TextWriter output, TextWriter errors)
    {
        if (await new ConsoleRepair(database, new NodeClock(TimeProvider.System)).Reset(userName) is not { } password)
            return await Unknown(userName, errors);
        await output.WriteLineAsync($"Пароль «{userName}» (показывается один раз, при входе его нужно сменить): {password}");
        return Fine;
    }

    internal static async Task<int> RemoveSecondFactor(Database database, string userName, TextWriter output, TextWriter errors)
    {
        if (!await new ConsoleRepair(database, new NodeClock(TimeProvider.System)).RemoveSecondFactor(userName))
        {
            await errors.WriteLineAsync($"Учётной записи «{userName}» со вторым фактором нет.");
            return NoSuchAccount;
        }
        await output.WriteLineAsync($"Второй фактор «{userName}» снят; при следующем входе его нужно подключить заново.");
        return Fine;
    }

    private static Command Make(string name, string description, Func<Database, string, TextWriter, TextWriter, Task<int>> run)
    {
        var account = CommandLine.Path("имя", "Имя учётной записи");
        var verb = new Command(name, description) { account };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction(
            (parsed, _) =>
                Databases.Use(
                    [.. parsed.UnmatchedTokens],
                    Needs.ThisVersion,
                    database => run(database, parsed.GetValue(account)!, Console.Out, Console.Error)
                )
        );
        return verb;
    }

    private static async Task<int> Unknown(string userName, TextWriter errors)
    {
        await errors.WriteLineAsync($"Действующей учётной записи «{userName}» нет.");
        return NoSuchAccount;
    }
}
