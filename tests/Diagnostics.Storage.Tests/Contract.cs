using Diagnostics.TestKit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Diagnostics.Storage.Tests;

public enum Provider
{
    Sqlite,
    Postgres,
    SqlServer,
}

/// <summary>
/// Marks a test class that needs a PostgreSQL server; without one its tests are skipped, with the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsPostgresAttribute : Attribute
{
    /// <summary>Why the tests are skipped; null when they can run.</summary>
    internal static string? SkipReason(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any() ? PostgresServer.Missing : null;
}

/// <summary>Marks a test class that needs a SQL Server; without one its tests are skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsSqlServerAttribute : Attribute
{
    /// <inheritdoc cref="NeedsPostgresAttribute.SkipReason"/>
    internal static string? SkipReason(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsSqlServerAttribute)).Any() ? SqlServerDatabases.Missing : null;
}

/// <summary>
/// A test of a promise that every engine keeps. The test is in an abstract class, and each engine has a class that
/// inherits it. Whether the test can run depends on the inheriting class, so the Skip of an ordinary attribute cannot
/// decide it.
/// </summary>
[XunitTestCaseDiscoverer("Diagnostics.Storage.Tests.ContractFactDiscoverer", "Diagnostics.Storage.Tests")]
internal sealed class ContractFactAttribute : FactAttribute;

/// <inheritdoc cref="ContractFactAttribute"/>
[XunitTestCaseDiscoverer("Diagnostics.Storage.Tests.ContractTheoryDiscoverer", "Diagnostics.Storage.Tests")]
internal sealed class ContractTheoryAttribute : TheoryAttribute;

public sealed class ContractFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        ITestMethod testMethod,
        IAttributeInfo factAttribute
    ) =>
        Skipped.Case(DiagnosticMessageSink, discoveryOptions, testMethod) is { } skipped
            ? [skipped]
            : base.Discover(discoveryOptions, testMethod, factAttribute);
}

public sealed class ContractTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        ITestMethod testMethod,
        IAttributeInfo theoryAttribute
    ) =>
        Skipped.Case(DiagnosticMessageSink, discoveryOptions, testMethod) is { } skipped
            ? [skipped]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

internal static class Skipped
{
    /// <summary>The test case that reports why the test is skipped; null when the test can run.</summary>
    internal static IXunitTestCase? Case(IMessageSink messages, ITestFrameworkDiscoveryOptions options, ITestMethod method) =>
        (NeedsPostgresAttribute.SkipReason(method) ?? NeedsSqlServerAttribute.SkipReason(method)) is { } reason
            ? new XunitSkippedDataRowTestCase(
                messages,
                options.MethodDisplayOrDefault(),
                options.MethodDisplayOptionsOrDefault(),
                method,
                reason
            )
            : null;
}
