using Diagnostics.Engine.Jobs;

namespace Diagnostics.Engine.Tests.Jobs;

public sealed class JobPaceTests
{
    [Theory]
    // 40 ms are wanted: 100 pieces in 80 ms are twice too many.
    [InlineData(100, 80, 50)]
    [InlineData(100, 40, 100)]
    [InlineData(100, 32, 125)]
    // One slow or quick slice changes the size at most twofold.
    [InlineData(100, 4000, 50)]
    [InlineData(100, 1, 200)]
    [InlineData(1, 4000, 1)]
    [InlineData(400, 1, 500)]
    [InlineData(8, 0, 16)]
    public void The_size_of_a_slice_follows_the_time_that_the_last_one_took(int size, int milliseconds, int next) =>
        JobPace.Next(size, TimeSpan.FromMilliseconds(milliseconds)).Should().Be(next);
}
