using System.Globalization;
using System.Text.Json;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

internal static class ExamApart
{
    /// <summary>
    /// Makes an exam; on a server in a process of its own: where what follows an answer runs where it arrived
    /// (<see cref="Wire.InlineCompletions"/>), the driver of a server now and then waits for itself.
    /// </summary>
    internal static async Task<Exam> Prepare(LoadDatabase database, int desks)
    {
        if (database.Provider == LoadDatabase.Sqlite) return await Exam.Prepare(database.Folder, Repository.Bank, desks);
        var prepare = ServerProcess.Command("Diagnostics.Load.dll", ["prepare", database.Folder, desks.ToString(CultureInfo.InvariantCulture), .. database.Settings]);
        // Tens of thousands of people take their time.
        var (code, output, errors) = await ChildProcess.Run(prepare, TimeSpan.FromMinutes(30));
        return code == 0 ? JsonSerializer.Deserialize<Exam>(output)! : throw new InvalidOperationException($"The exam could not be prepared:\n{errors}");
    }
}
