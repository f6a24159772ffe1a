using Diagnostics.Server.Http;
using Diagnostics.UseCases.Instruments;

namespace Diagnostics.Server.Api;

internal static class InstrumentsApi
{
    internal static void MapInstruments(this IEndpointRouteBuilder routes)
    {
        var instruments = routes.MapGroup("/instruments").WithTags("Instruments");
        instruments
            .Get(
                "/",
                ListInstruments.Operation,
                (string? kind, int? after, int? limit, HttpContext http, ListInstruments useCase) =>
                    useCase.Run(new(kind, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Инструменты самодиагностики, наблюдения и анализа практики, все версии");
        instruments
            .Get(
                "/{kind}/{code}/{version:int}",
                GetInstrument.Operation,
                (string kind, string code, int version, HttpContext http, GetInstrument useCase) =>
                    useCase.Run(new(kind, code, version), http.Caller()).Ok()
            )
            .WithSummary("Версия инструмента с содержанием");
    }
}
