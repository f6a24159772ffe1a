using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Diagnostics.EndToEnd;

/// <summary>
/// The page at a given moment: what it says, the content of its text fields, and what the device has stored.
/// </summary>
/// <param name="Claim">What the page says about the answers: <c>saved</c>, <c>kept</c>, <c>saving</c>, <c>unsaved</c>
/// or <c>aside</c>; null when no test is shown.</param>
/// <param name="Values">The text in the field of each slot.</param>
/// <param name="Kept">For each slot, the texts that the device has stored; they are read after
/// <paramref name="Claim"/>.</param>
internal sealed record Seen(string? Claim, string Text, Dictionary<string, string> Values, Dictionary<string, List<string>> Kept);

/// <summary>Operates the exam page in a browser as a person would, for automated tests.</summary>
internal sealed partial class Screen(IPage page)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private const string Look = """
        async () => {
          const state = document.getElementById('state');
          const values = {}, kept = {};
          for (const it of document.querySelectorAll('.exam-item')) {
            const field = it.querySelector('input[type=text], textarea');
            if (field) values[it.dataset.slot] = field.value;
          }
          const seen = { claim: state ? state.dataset.claim : null, text: state ? state.textContent.trim() : '', values, kept };
          const add = record => { for (const value of [record.value, record.sending?.value, record.other?.value]) if (value?.text) (kept[record.slot] ??= []).push(value.text); };
          try {
            await new Promise((resolve, reject) => {
              const opening = indexedDB.open('exam', 1);
              opening.onupgradeneeded = () => opening.transaction.abort();
              opening.onerror = reject;
              opening.onsuccess = () => {
                const all = opening.result.transaction('slots').objectStore('slots').getAll();
                all.onsuccess = () => { all.result.forEach(add); opening.result.close(); resolve(); };
                all.onerror = reject;
              };
            });
          } catch { }
          try { for (const key of Object.keys(localStorage)) if (key.startsWith('exam:')) add(JSON.parse(localStorage.getItem(key))); } catch { }
          return JSON.stringify(seen);
        }
        """;

    internal IPage Page => page;

    internal ILocator Item(int slot) => page.Locator($"#item-{slot}");

    internal async Task<Seen> See() => JsonSerializer.Deserialize<Seen>(await page.EvaluateAsync<string>(Look), Json)!;

    internal Task Open(int slot) => page.ClickAsync($"#nav-{slot}");

    internal async Task Write(int slot, string text)
    {
        await Open(slot);
        await Item(slot).Locator("input[type=text], textarea").FillAsync(text);
    }

    internal Task Says(string claim, float seconds = 60) =>
        page.WaitForSelectorAsync($"#state[data-claim='{claim}']", new() { Timeout = seconds * 1000 });

    internal async Task Finish()
    {
        await page.ClickAsync("#to-check");
        await page.ClickAsync("#check-acts button.big");
        await ReceiptOf(page);
    }

    /// <summary>
    /// Waits for the receipt by asking for the address again and again: a wait for the navigation itself misses one that
    /// happens just before it begins to listen.
    /// </summary>
    internal static async Task ReceiptOf(IPage page)
    {
        await Assertions.Expect(page).ToHaveURLAsync(ReceiptAddress(), new() { Timeout = 120_000 });
        await page.WaitForLoadStateAsync();
    }

    [GeneratedRegex("/receipt$")]
    private static partial Regex ReceiptAddress();
}
