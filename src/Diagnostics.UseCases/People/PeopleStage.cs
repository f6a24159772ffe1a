namespace Diagnostics.UseCases.People;

internal static class PeopleStage
{
    internal static void AddPeople(this IServiceCollection services)
    {
        services.AddSingleton<PersonErasure>();
        services.AddSingleton<WithdrawnPeople>();
        services.AddHostedService(provider => provider.GetRequiredService<WithdrawnPeople>());
    }
}
