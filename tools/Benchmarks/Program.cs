using System.Globalization;
using BenchmarkDotNet.Running;
using Diagnostics.Benchmarks;

// dotnet run -c Release --project tools/Benchmarks -- recovery 200
if (args is ["recovery", .. var rest])
{
    RecoveryCampaign.Run(rest is [var replications] ? int.Parse(replications, CultureInfo.InvariantCulture) : 200);
    return;
}

// dotnet run -c Release --project tools/Benchmarks -- profiles 100000
if (args is ["profiles", .. var wanted])
{
    ProfileCampaign.Run(wanted is [var sessions] ? int.Parse(sessions, CultureInfo.InvariantCulture) : 100_000);
    return;
}

// dotnet run -c Release --project tools/Benchmarks -- beside-r
if (args is ["beside-r"])
{
    BesideR.Run();
    return;
}

// dotnet run -c Release --project tools/Benchmarks -- ready-scoring
if (args is ["ready-scoring"])
{
    ReadyScoring.Run();
    return;
}

// dotnet run -c Release --project tools/Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(ScoringBenchmarks).Assembly).Run(args);
