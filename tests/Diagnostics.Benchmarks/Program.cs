using BenchmarkDotNet.Running;
using Diagnostics.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(SaveBenchmarks).Assembly).Run(args);
