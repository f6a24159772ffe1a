using Diagnostics.Engine.Events;
using Diagnostics.UseCases.Feed;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on the feed for the API description.</summary>
internal static class FeedExamples
{
    private static readonly string Subject = $"people/{ExampleStory.Participant:D}";

    internal static readonly IReadOnlyList<Example> All =
    [
        Gives(
            "ReadProfileFeed",
            new ProfileFeedPage(
                [
                    new(
                        new("01a0c8fc-b601-7c54-8f0e-6b1d2a9c4e35"),
                        FeedEvent.TypeOf(EventKind.ProfileIssued),
                        Subject,
                        ExampleStory.ResultsPublished,
                        "4711-5c2f90b1e7a4",
                        ExampleStory.Participant
                    )
                    {
                        CampaignId = ExampleStory.Campaign,
                        SessionId = ExampleStory.Session,
                        ProfileId = ExampleStory.Profile,
                        Version = 2,
                        Framework = new("teacher", 1),
                        Href = $"/api/v1/profiles/{ExampleStory.Profile:D}",
                    },
                    new(
                        new("01a0d3c2-7f10-7b6a-9d27-3f5e8c0b1a46"),
                        FeedEvent.TypeOf(EventKind.ConsentWithdrawn),
                        Subject,
                        ExampleStory.ResultsPublished + Duration.FromDays(2),
                        "4720-0d83fa27c61e",
                        ExampleStory.Participant
                    ),
                ],
                "4720-0d83fa27c61e",
                More: false
            )
        ),
    ];
}
