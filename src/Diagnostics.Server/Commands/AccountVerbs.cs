using System.CommandLine;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Commands;

/// <summary>
/// The verbs <c>unlock</c>, <c>reset-password</c>, <c>remove-second-factor</c> and <c>add-account</c>. A person who may
/// run commands on the machine uses them when nobody with the same rights over the API can sign in. The audit trail
/// records each use.
/// </summary>
internal static class AccountVerbs
{
    private const int Fine = 0;
    private const int NoSuchAccount = 1;

    /// <summary>Roles of people who work for several regions, in each of which they have an account.</summary>
    private static readonly Role[] OfCountry = [Role.Administrator, Role.Operator, Role.Auditor];

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
        yield return MakeAddAccount();
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

    internal static async Task<int> Add(Database database, string userName, Role role, TextWriter output, TextWriter errors)
    {
        var added = await new ConsoleRepair(database, new NodeClock(TimeProvider.System)).Add(userName, role);
        if (added.Refused(out var refusal, out var made))
        {
            await errors.WriteLineAsync(refusal.Detail);
            return NoSuchAccount;
        }
        await output.WriteLineAsync(
            $"Учётная запись «{made.UserName}», пароль (показывается один раз, при входе его нужно сменить): {made.Password}"
        );
        return Fine;
    }

    private static Command MakeAddAccount()
    {
        var account = CommandLine.Path("имя", "Имя учётной записи");
        var role = new Option<string>("--role")
        {
            Description = "Её роль: administrator, operator или auditor",
            HelpName = "роль",
            Required = true,
        };
        role.AcceptOnlyFromAmong(OfCountry.Select(Codes.Of).ToArray());
        var verb = new Command("add-account", "Завести учётную запись администратора, оператора или аудитора") { account, role };
        verb.SetAction(
            (parsed, _) =>
                Databases.Use(
                    parsed,
                    Needs.ThisVersion,
                    database =>
                        Add(database, parsed.GetValue(account)!, Codes.Parse<Role>(parsed.GetValue(role)!), Console.Out, Console.Error)
                )
        );
        return verb.WithRegions();
    }

    private static Command Make(string name, string description, Func<Database, string, TextWriter, TextWriter, Task<int>> run)
    {
        var account = CommandLine.Path("имя", "Имя учётной записи");
        var verb = new Command(name, description) { account };
        verb.SetAction(
            (parsed, _) =>
                Databases.Use(parsed, Needs.ThisVersion, database => run(database, parsed.GetValue(account)!, Console.Out, Console.Error))
        );
        return verb.WithRegions();
    }

    private static async Task<int> Unknown(string userName, TextWriter errors)
    {
        await errors.WriteLineAsync($"Действующей учётной записи «{userName}» нет.");
        return NoSuchAccount;
    }
}
