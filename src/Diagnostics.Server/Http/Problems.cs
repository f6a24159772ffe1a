using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Diagnostics.Server.Http;

/// <summary>RFC 9457 problems: a stable <c>type</c> and English <c>code</c>, a Russian title and detail.</summary>
internal static class Problems
{
    private const string TypePrefix = "urn:diagnostics:problem:";

    internal static ProblemHttpResult From(Refusal refusal)
    {
        var status = StatusOf(refusal.Kind);
        return Problem(status, refusal.Code, refusal.Detail, refusal.Facts);
    }

    internal static ProblemHttpResult Problem(int status, string code, string detail, IReadOnlyDictionary<string, object?>? facts = null)
    {
        var problem = new ProblemDetails
        {
            Type = TypePrefix + code,
            Title = TitleOf(status, code),
            Status = status,
            Detail = detail,
        };
        problem.Extensions["code"] = code;
        foreach (var (name, value) in facts ?? new Dictionary<string, object?>())
            problem.Extensions[name] = value;
        return TypedResults.Problem(problem);
    }

    internal static int StatusOf(RefusalKind kind) =>
        kind switch
        {
            RefusalKind.Invalid => StatusCodes.Status422UnprocessableEntity,
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.NotSignedIn => StatusCodes.Status401Unauthorized,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.Gone => StatusCodes.Status410Gone,
            RefusalKind.Stale => StatusCodes.Status412PreconditionFailed,
            RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
            RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    /// <param name="code">Of the problem, where a status has several reasons.</param>
    internal static string TitleOf(int status, string code = "malformed-request") =>
        status switch
        {
            400 when code.StartsWith("malformed-", StringComparison.Ordinal) => "Запрос не читается",
            400 when code == IssueToken.BadRefreshToken.Code => "Вход не выполнен",
            400 => "Запрос не принят",
            401 => "Нужен вход",
            403 => "Нет права",
            404 => "Не найдено",
            405 => "Метод не поддерживается",
            409 => "Сейчас это невозможно",
            410 => "Больше недоступно",
            412 => "Данные изменились",
            413 => "Слишком большой запрос",
            415 => "Неизвестный вид содержимого",
            421 => "Не тот узел",
            422 => "Запрос содержит ошибку",
            428 => "Нужна версия",
            429 => "Слишком много запросов",
            503 => "Служба перегружена",
            _ => "Ошибка службы",
        };

    private static string DetailOf(int status) =>
        status switch
        {
            400 => "Проверьте адрес, параметры и тело.",
            401 => "Войдите и повторите запрос.",
            403 => "Ваши роли этого не позволяют.",
            404 => "По этому адресу ничего нет.",
            405 => "Этот адрес отвечает на другие методы: они названы в Allow.",
            412 => "Версия в If-Match — не та, что есть сейчас.",
            413 => "Тело запроса больше допустимого.",
            415 => "В этом виде тело здесь не принимается; виды названы в описании API.",
            428 => "Укажите в If-Match версию из ETag, на которой основана правка.",
            429 => "Повторите через секунду.",
            503 => "Повторите запрос через несколько секунд.",
            _ => "Повторите запрос позже.",
        };

    private static string CodeOf(int status) =>
        status switch
        {
            400 => "malformed-request",
            401 => "not-signed-in",
            403 => "not-allowed",
            404 => "not-found",
            405 => "method-not-allowed",
            412 => "precondition-failed",
            413 => "request-too-large",
            415 => "unsupported-media-type",
            428 => "precondition-required",
            429 => "too-many-requests",
            _ => "error",
        };

    /// <summary>
    /// Turns statuses that the framework itself sets (no such route, no right, no such method) into problems.
    /// </summary>
    internal static Task WriteStatus(StatusCodeContext context) =>
        (
            context.HttpContext.Items.TryGetValue(typeof(Refusal), out var why)
                ? From((Refusal)why!)
                : OfStatus(context.HttpContext.Response.StatusCode)
        ).ExecuteAsync(context.HttpContext);

    internal static ProblemHttpResult OfStatus(int status) => Problem(status, CodeOf(status), DetailOf(status));

    internal static ProblemHttpResult TooLarge() => Problem(413, "request-too-large", "Тело запроса больше допустимого.");

    internal static ProblemHttpResult MalformedJson(JsonException json) =>
        Problem(
            400,
            "malformed-json",
            $"JSON не читается или не того вида: {Place(json)}.",
            new Dictionary<string, object?> { ["path"] = json.Path }
        );

    internal static ProblemHttpResult Malformed(int status) => Problem(status, "malformed-request", DetailOf(400));

    internal static ProblemHttpResult UnknownCharset() =>
        Problem(415, "unsupported-charset", "Тело запроса должно быть в UTF-8: charset=utf-8 или без charset.");

    internal static ProblemHttpResult UnknownParameter(IReadOnlyList<string> unknown, IReadOnlyList<string> allowed) =>
        Problem(
            400,
            "unknown-parameter",
            $"Параметра «{unknown[0]}» здесь нет; {(allowed.Count == 0 ? "параметров не бывает" : $"бывают: {string.Join(", ", allowed)}")}.",
            new Dictionary<string, object?> { ["unknown"] = unknown, ["allowed"] = allowed }
        );

    internal static ProblemHttpResult Internal() =>
        Problem(500, "internal-error", "Внутренняя ошибка. Она записана в журнал; повторите запрос позже.");

    internal static ProblemHttpResult Busy() => Problem(503, "busy", "Очередь записи заполнена. Повторите запрос через секунду.");

    /// <summary>
    /// Copies the time to wait from the problem into the header Retry-After, whatever the answer's kind.
    /// </summary>
    internal static void TellWhen(ProblemDetailsContext context)
    {
        if (context.ProblemDetails.Extensions.TryGetValue("retryAfter", out var after) && after is int seconds)
            context.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }

    internal static ProblemHttpResult SignInBusy() =>
        Problem(503, "sign-in-busy", "Сейчас входит слишком много людей. Повторите через несколько секунд.");

    /// <summary>
    /// The problem for an exception: a bad request gets an explanation; anything else is logged and not shown.
    /// </summary>
    internal static ProblemHttpResult OfException(HttpContext context)
    {
        var fault = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        return fault switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(),
            BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Problem(
                415,
                "unsupported-media-type",
                "Тело запроса должно быть в JSON (Content-Type: application/json)."
            ),
            BadHttpRequestException { InnerException: JsonException json } => MalformedJson(json),
            // The value of a polymorphic type does not say which type it is.
            NotSupportedException { Source: "System.Text.Json" } => Problem(
                400,
                "malformed-json",
                "JSON не того вида: у ответа не указан type."
            ),
            BadHttpRequestException bad => Malformed(bad.StatusCode),
            DatabaseBusyException => Again(context, seconds: 1, Busy()),
            PasswordLaneFullException => Again(context, PasswordLaneFullException.RetryAfterSeconds, SignInBusy()),
            // The operator's log has the reason; the caller can only try again later.
            DatabaseUnavailableException => Again(
                context,
                seconds: 5,
                Problem(503, "database-unavailable", "База данных сейчас недоступна. Повторите запрос позже.")
            ),
            UnstorableTextException => Malformed(400),
            OperationCanceledException when context.RequestAborted.IsCancellationRequested => Problem(
                400,
                "request-aborted",
                "Соединение прервано."
            ),
            _ => Internal(),
        };
    }

    private static ProblemHttpResult Again(HttpContext context, int seconds, ProblemHttpResult problem)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return problem;
    }

    private static string Place(JsonException json) =>
        json.Path is { Length: > 0 } path && path != "$"
            ? $"место {path}"
            : $"строка {json.LineNumber + 1}, знак {json.BytePositionInLine + 1}";
}
