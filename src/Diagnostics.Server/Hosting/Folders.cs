using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// The data folder and the bank's folder. They come from settings, whose paths are relative to the folder in which the
/// service was started; an empty setting means the default folder.
/// </summary>
internal static class Folders
{
    internal const string DataSetting = "Diagnostics:Data";
    internal const string BankSetting = "Diagnostics:Bank";

    internal static string Data(IConfiguration configuration) => Of(configuration[DataSetting], "data");

    internal static string Bank(IConfiguration configuration) => Of(configuration[BankSetting], "item-bank");

    /// <exception cref="SettingException">There is no bank, or it cannot be read.</exception>
    internal static void CheckBank(IConfiguration configuration)
    {
        if (GivenPath.Unreadable(Bank(configuration)) is { } fault)
            throw new SettingException(BankSetting, fault);
    }

    private static string Of(string? setting, string usual) => Path.GetFullPath(string.IsNullOrEmpty(setting) ? usual : setting);
}
