namespace Diagnostics.Server.Forms;

internal static class FormsStage
{
    internal static void AddForms(this IServiceCollection services) => services.AddSingleton<FormCatalog>();
}
