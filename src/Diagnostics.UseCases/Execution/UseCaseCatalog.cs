namespace Diagnostics.UseCases.Execution;

/// <summary>Every use case of the product.</summary>
internal static class UseCaseCatalog
{
    internal static readonly IReadOnlyList<Type> All = typeof(UseCaseCatalog)
        .Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IUseCase)))
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .ToList();

    internal static void AddUseCases(this IServiceCollection services)
    {
        services.AddSingleton<Gate>();
        services.AddSingleton<Looks>();
        services.AddSingleton<Executor>();
        services.AddHostedService<AnswerForgetter>();
        foreach (var useCase in All)
            services.AddSingleton(useCase);
    }
}
