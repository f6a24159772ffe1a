using System.Globalization;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// A separate port for operators who want the API description and the service's health off the public address. The port
/// serves only the description and the health check. An example is
/// <c>Urls=http://0.0.0.0:5080;http://127.0.0.1:5081</c> with <c>Diagnostics:OperationsPort=5081</c>.
/// </summary>
internal static class OperationsPort
{
    internal const string SettingName = "Diagnostics:OperationsPort";

    private static readonly string[] Own = ["/health", "/openapi", "/swagger"];

    /// <returns>Null when there is no such port; everything is then served on every port.</returns>
    /// <exception cref="SettingException">The value is not a port number.</exception>
    internal static int? Read(IConfiguration configuration) =>
        configuration[SettingName] switch
        {
            null or "" => null,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 =>
                port,
            var text => throw new SettingException(SettingName, $"«{text}» — не номер порта"),
        };

    internal static void UseOperationsPort(this WebApplication app)
    {
        if (Read(app.Configuration) is not { } port)
            return;
        app.Use(
            (context, next) =>
            {
                // Decide by the port that accepted the connection. The port that the request names proves nothing,
                // because anybody can write anything into a request.
                if (IsOwn(context.Request.Path) == (context.Connection.LocalPort == port))
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
        );
    }

    internal static bool IsOwn(PathString path) => Own.Any(own => path.StartsWithSegments(own, StringComparison.OrdinalIgnoreCase));
}
