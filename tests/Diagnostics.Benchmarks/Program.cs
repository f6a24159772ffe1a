using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/Diagnostics.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Diagnostics.Benchmarks.ScoringBenchmarks).Assembly).Run(args);
