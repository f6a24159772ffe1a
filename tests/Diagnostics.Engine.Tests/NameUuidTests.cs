namespace Diagnostics.Engine.Tests;

public sealed class NameUuidTests
{
    /// <summary>RFC 9562, appendix A.4.</summary>
    [Fact]
    public void A_name_gives_the_identifier_of_the_standards_example() =>
        NameUuid
            .Of(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com")
            .Should()
            .Be(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"));

    [Fact]
    public void Another_space_gives_another_identifier() =>
        NameUuid.Of(Guid.Empty, "subject").Should().NotBe(NameUuid.Of(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "subject"));
}
