using System.CommandLine;
using System.Data.Common;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Commands;

/// <summary>
/// The verb <c>migrate</c>: brings the schema of a database server up to date, before nodes of the new version start.
/// Any number of processes may run it at the same time; one of them does the work.
/// </summary>
internal static class MigrateVerb
{
    private const int Fine = 0;
    private const int OutOfDate = 1;

    internal const string TablesInUse =
        "Таблицы заняты другой работой (например, pg_dump); ничего не изменено, служба работает. Повторите migrate позже.";

    internal static Command Make()
    {
        var check = new Option<bool>("--check")
        {
            Description = "Только показать, чего не хватает; код 1, если схема не обновлена",
            Arity = ArgumentArity.Zero,
        };
        var verb = new Command("migrate", "Обновить схему базы данных") { check };
        verb.SetAction(
            (parsed, _) =>
                Databases.Use(
                    parsed,
                    parsed.GetValue(check) ? Needs.AnyVersion : Needs.Nothing,
                    database => parsed.GetValue(check) ? Check(database, Console.Out) : Migrate(database, Console.Out)
                )
        );
        return verb.WithRegions();
    }

    internal static async Task<int> Migrate(Database database, TextWriter output)
    {
        IReadOnlyList<string> applied;
        try
        {
            applied = await Schema.Migrate(database, new NodeClock(TimeProvider.System).GetCurrentInstant());
        }
        catch (DatabaseBusyException busy)
        {
            throw new DatabaseUnavailableException(TablesInUse, busy);
        }
        catch (DbException fault) when (Migrator.RefusedScript(fault) is { } script)
        {
            var words = fault.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new DatabaseUnavailableException(
                $"База данных не выполняет изменение схемы {script} ({words}); ничего не изменено.",
                fault
            );
        }
        foreach (var name in applied)
            await output.WriteLineAsync($"Применено: {name}");
        await output.WriteLineAsync(applied.Count == 0 ? "Схема базы данных уже обновлена." : "Схема базы данных обновлена.");
        return Fine;
    }

    internal static async Task<int> Check(Database database, TextWriter output)
    {
        await Schema.RefuseNewer(database);
        var pending = await Schema.Pending(database);
        foreach (var name in pending)
            await output.WriteLineAsync($"Не применено: {name}");
        await output.WriteLineAsync(
            pending.Count == 0 ? "Схема базы данных обновлена." : "Схема базы данных не обновлена: выполните migrate без --check."
        );
        return pending.Count == 0 ? Fine : OutOfDate;
    }
}
