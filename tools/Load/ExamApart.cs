using System.Globalization;
using System.Text.Json;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

internal static class ExamApart
{
    /// <summary>
    /// Prepares an exam. On a database server it runs in a separate process: when completions run on the thread where
    /// the answer arrived (<see cref="Wire.InlineCompletions"/>), a database driver sometimes waits for itself.
    /// </summary>
    internal static async Task<Exam> Prepare(LoadDatabase database, int desks)
    {
        if (database.Provider == LoadDatabase.Sqlite)
            return await Exam.Prepare(database.Folder, Repository.Bank, desks);
        var prepare = ServerProcess.Command(
            "Diagnostics.Load.dll",
            ["prepare", database.Folder, desks.ToString(CultureInfo.InvariantCulture), .. database.Settings]
        );
        // Preparing tens of thousands of people takes a while.
        var (code, output, errors) = await ChildProcess.Run(prepare, TimeSpan.FromMinutes(30));
        return code == 0
            ? JsonSerializer.Deserialize<Exam>(output)!
            : throw new InvalidOperationException($"The exam could not be prepared:\n{errors}");
    }
}
