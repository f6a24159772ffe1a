using Diagnostics.Engine.Audit;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Diagnostics.Engine.Tests.Audit;

public class AuditChainTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 9, 14, 6, 0);

    // SHA-256 of the JSON array, computed with Python's json and hashlib modules.
    [Fact]
    public void A_hash_is_that_of_the_entry_as_a_JSON_array()
    {
        AuditChain
            .HashOf(new(1, Start + Duration.FromNanoseconds(1000), "setup", "account.made", "account:1", """{"b":1}""", AuditChain.Origin))
            .Should()
            .Be("8c52877105b150962771751c2eba0f0311ab868e9eb34424182eea3f60a34383");
        AuditChain
            .HashOf(
                new(
                    2,
                    Start + Duration.FromSeconds(1),
                    "клиент",
                    "application.rejected",
                    "application:2",
                    null,
                    string.Concat(Enumerable.Repeat("ab", 32))
                )
            )
            .Should()
            .Be("b065030d6655506d7ca17e3e0fcc83ce9e63406dbbdf164270846193ce7975dc");
    }

    [Fact]
    public void Details_are_the_same_text_whatever_the_order_of_their_names()
    {
        CanonicalJson.Of(new { b = 1, a = new { y = "ё\"", x = (string?)null } }).Should().Be("""{"a":{"y":"ё\""},"b":1}""");
        CanonicalJson.Of(new { a = new { y = "ё\"" }, b = 1 }).Should().Be("""{"a":{"y":"ё\""},"b":1}""");
    }

    [Fact]
    public void A_chain_as_it_was_written_is_whole()
    {
        var chain = Chain(20);
        var check = Check(chain, [new(1, chain[0].Hash), new(7, chain[6].Hash), new(20, chain[19].Hash)]);

        check.Broken.Should().BeNull();
        check.Count.Should().Be(20);
        check.AnchorsMet.Should().Be(3);
    }

    [Fact]
    public void Any_change_to_any_entry_is_found_at_that_entry() =>
        Prop.ForAll(
                Arb.From(from place in Gen.Choose(0, 19) from field in Gen.Choose(0, 4) select (place, field)),
                change =>
                {
                    var chain = Chain(20);
                    var (entry, hash) = chain[change.place];
                    chain[change.place] = (
                        change.field switch
                        {
                            0 => entry with { Actor = entry.Actor + "x" },
                            1 => entry with { Action = "nothing.happened" },
                            2 => entry with { Subject = "somebody:else" },
                            3 => entry with { Details = entry.Details is null ? "{}" : null },
                            _ => entry with { At = entry.At + Duration.FromMilliseconds(1) },
                        },
                        hash
                    );
                    return Check(chain, []).Broken == (change.place + 1, AuditFault.ContentChanged);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_entry_left_out_is_found_by_its_number() =>
        Prop.ForAll(
                Arb.From(Gen.Choose(0, 18)),
                place =>
                {
                    var chain = Chain(20);
                    chain.RemoveAt(place);
                    return Check(chain, []).Broken == (place + 1, AuditFault.NumberMissing);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Entries_numbered_anew_after_one_was_left_out_are_not_linked()
    {
        var chain = Chain(5);
        chain.RemoveAt(2);
        for (var place = 2; place < chain.Count; place++)
        {
            var renumbered = chain[place].Entry with { Number = place + 1 };
            chain[place] = (renumbered, AuditChain.HashOf(renumbered));
        }

        Check(chain, []).Broken.Should().Be((3L, AuditFault.NotLinked));
    }

    [Fact]
    public void A_chain_hashed_anew_from_a_change_on_is_found_by_the_first_head_outside_after_it()
    {
        var written = Chain(10);
        var forged = Chain(10, actorOfFourth: "forger");

        Check(forged, [new(2, written[1].Hash), new(6, written[5].Hash), new(10, written[9].Hash)])
            .Broken.Should()
            .Be((6L, AuditFault.AnchorDiffers));
    }

    [Fact]
    public void A_chain_cut_off_before_a_head_outside_misses_entries()
    {
        var written = Chain(10);

        Check(written[..8], [new(8, written[7].Hash), new(10, written[9].Hash)]).Broken.Should().Be((9L, AuditFault.EntryMissing));
        Check([], [new(1, written[0].Hash)]).Broken.Should().Be((1L, AuditFault.EntryMissing));
    }

    private static List<(AuditEntry Entry, string Hash)> Chain(int count, string actorOfFourth = "operator")
    {
        var chain = new List<(AuditEntry, string)>();
        var previous = AuditChain.Origin;
        for (var number = 1; number <= count; number++)
        {
            var entry = new AuditEntry(
                number,
                Start + Duration.FromSeconds(number),
                number == 4 ? actorOfFourth : "operator",
                "site.added",
                $"site:{number}",
                number % 2 == 0 ? """{"revision":2}""" : null,
                previous
            );
            previous = AuditChain.HashOf(entry);
            chain.Add((entry, previous));
        }
        return chain;
    }

    private static AuditCheck Check(IEnumerable<(AuditEntry Entry, string Hash)> chain, IEnumerable<AuditAnchor> anchors)
    {
        var check = new AuditCheck(anchors);
        if (chain.All(link => check.Next(link.Entry, link.Hash)))
            check.End();
        return check;
    }
}
