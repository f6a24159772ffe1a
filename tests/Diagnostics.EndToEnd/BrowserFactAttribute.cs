namespace Diagnostics.EndToEnd;

/// <summary>
/// Marks a test that needs Debian's chromium, or the browser named in DIAGNOSTICS_CHROMIUM; without either the test is
/// skipped.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    internal static readonly string Chromium = Environment.GetEnvironmentVariable("DIAGNOSTICS_CHROMIUM") ?? "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("DIAGNOSTICS_REQUIRE_BROWSER") != "1" && !File.Exists(Chromium))
            Skip = $"There is no browser at {Chromium} (apt-get install chromium, or DIAGNOSTICS_CHROMIUM).";
    }
}
