using System.Reflection;
using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Tests;

/// <summary>The declarations of every use case, and the references that the project may have.</summary>
public sealed class DeclarationTests
{
    private static readonly IReadOnlyList<Type> UseCases = UseCaseCatalog.All;

    [Fact]
    public void Every_use_case_declares_its_operation_under_its_own_name()
    {
        UseCases.Should().HaveCountGreaterThan(90);
        foreach (var useCase in UseCases)
            OperationOf(useCase).Name.Should().Be(useCase.Name);
    }

    [Fact]
    public void Every_use_case_says_who_may_run_it()
    {
        foreach (var operation in UseCases.Select(OperationOf))
            (
                operation.Access.Anyone
                || operation.Access.AnyAccount
                || operation.Access.ClientScopes.Count > 0
                || operation.Access.Entitlements.Count > 0
            )
                .Should()
                .BeTrue($"{operation.Name} would let nobody in");
    }

    [Fact]
    public void No_role_is_named_twice_by_one_operation()
    {
        foreach (var operation in UseCases.Select(OperationOf))
            operation.Access.Entitlements.Should().OnlyHaveUniqueItems(operation.Name);
    }

    /// <summary>
    /// Participants may reach only what is their own or open to everybody. A rule with the role but no relation would
    /// give them access to other people's things.
    /// </summary>
    [Fact]
    public void A_participants_right_is_bound_to_the_person_wherever_it_edits()
    {
        foreach (var operation in UseCases.Select(OperationOf).Where(operation => operation.NeedsRevision))
            operation.Access.Entitlements.Should().NotContain(new Entitlement(Role.Participant, Relation.Any), operation.Name);
    }

    [Fact]
    public void The_use_cases_know_no_HTTP() =>
        typeof(UseCaseCatalog)
            .Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name =>
                name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.OpenApi", StringComparison.Ordinal)
            )
            .Should()
            .BeEmpty();

    internal static Operation OperationOf(Type useCase) =>
        (Operation)useCase.GetField("Operation", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!.GetValue(null)!;
}
