using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>A file that was added to an appeal.</summary>
/// <param name="Number">Number of the file, 1–5, in the order in which files were added.</param>
/// <param name="Name">The person's own name for the file; the commission, which decides without names, gets a neutral
/// one.</param>
/// <param name="MediaType">Type of the file according to its own first bytes.</param>
/// <param name="Size">Size in bytes.</param>
public sealed record AppealAttachment(int Number, string Name, string MediaType, int Size, Instant AddedAt)
{
    internal static AppealAttachment Of(AttachmentRow row, bool anonymous) =>
        new(
            row.Number,
            anonymous ? AttachmentRules.NeutralName(row.Number, row.MediaType) : row.Name,
            row.MediaType,
            row.Size,
            row.AddedAt
        );
}

/// <summary>A file for download.</summary>
internal sealed record AttachedFile(AppealAttachment Attachment, byte[] Content);

/// <summary>
/// Adds a file to an open appeal. The person may add files, and so may the head of the site if the head may file this
/// appeal for the person.
/// </summary>
internal sealed class AddAppealAttachment(Executor executor) : UseCase<AddAppealAttachment.Request, AppealAttachment>(Operation, executor)
{
    private const int MaxName = 200;

    internal static new readonly Operation Operation = new(
        nameof(AddAppealAttachment),
        AppealRights.Filers,
        Trail.Writes("appeal.attached")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal WrongKind = Refusal.Invalid(
        "attachment-kind",
        "К апелляции прилагают файлы PDF, PNG и JPEG: этот файл — другого вида, как бы он ни назывался."
    );

    internal static readonly Refusal NoFile = Refusal.Invalid("attachment-missing", "Выберите файл.").With("field", "file");

    internal static readonly Refusal TooLarge = new Refusal(
        "attachment-too-large",
        RefusalKind.TooLarge,
        $"Файл больше {AttachmentRules.MaxBytes / (1024 * 1024)} МБ."
    ).With("maxBytes", AttachmentRules.MaxBytes);

    internal static readonly Refusal TooMany = Refusal
        .Conflict("attachments-full", $"К апелляции приложено уже {AttachmentRules.MaxCount} файлов, больше нельзя.")
        .With("max", AttachmentRules.MaxCount);

    /// <param name="Name">Name of the file, with or without a path, up to 200 characters.</param>
    internal sealed record Request(Guid AppealId, string Name, byte[] Content);

    protected override async Task<Result<AppealAttachment>> Handle(Request request, Caller caller)
    {
        var (appealId, name, content) = request;
        if (TextRules.CheckLine("name", name, MaxName) is { } wrong)
            return wrong;
        if (content.Length > AttachmentRules.MaxBytes)
            return TooLarge;
        if (FileSignature.MediaTypeOf(content) is not { } mediaType)
            return WrongKind;
        return await Write(
            caller,
            async db =>
            {
                if ((await SeenAppeal.Of(db, appealId, caller)).Refused(out var refusal, out var seen))
                    return refusal;
                // The commission may look at the files, but may add none.
                if (!seen.MayFile)
                    return AppealRights.NotFound;
                if (seen.Row.Standing.CheckLive() is { } closed)
                    return closed;
                var now = Now;
                var row = new AttachmentRow
                {
                    AppealId = appealId,
                    Number = (await AttachmentStore.Of(db, appealId)).Count + 1,
                    Name = AttachmentRules.NameOf(name, mediaType),
                    MediaType = mediaType,
                    Size = content.Length,
                    AddedAt = now,
                    AddedBy = caller.Id,
                };
                if (row.Number > AttachmentRules.MaxCount)
                    return TooMany;
                if (!await AttachmentStore.Add(db, row, content))
                    return AppealRights.Changed;
                // Neither the content nor the name of the file is recorded: the appeal's history and the audit trail
                // outlive the person's data.
                await AppealLog.Add(
                    db,
                    appealId,
                    "attached",
                    now,
                    caller.Id,
                    new
                    {
                        row.Number,
                        row.MediaType,
                        row.Size,
                    }
                );
                return AppealAttachment.Of(row, anonymous: false);
            }
        );
    }
}

/// <summary>Lists the files of an appeal, for everybody who may read the appeal.</summary>
internal sealed class ListAppealAttachments(Executor executor) : UseCase<Guid, IReadOnlyList<AppealAttachment>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListAppealAttachments),
        AppealRights.Readers,
        Trail.Shows("appeal.attachments-viewed")
    );

    protected override Task<Result<IReadOnlyList<AppealAttachment>>> Handle(Guid appealId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if ((await SeenAppeal.Of(db, appealId, caller)).Refused(out var refusal, out var seen))
                    return refusal;
                // A file's name may reveal as much as its content, so listing the files is recorded too.
                await seen.Note(db, "attachments-viewed", Now, caller);
                return (await AttachmentStore.Of(db, appealId)).Select(row => AppealAttachment.Of(row, seen.Anonymous)).ToList();
            }
        );
}

/// <summary>
/// Downloads one file; when the reader is not the person who appealed, the audit trail records the download.
/// </summary>
internal sealed class GetAppealAttachment(Executor executor) : UseCase<GetAppealAttachment.Request, AttachedFile>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetAppealAttachment),
        AppealRights.Readers,
        Trail.Shows("appeal.attachment-viewed")
    );

    internal static readonly Refusal NotFound = Refusal.NotFound("attachment-not-found", "Такого файла у апелляции нет.");

    internal sealed record Request(Guid AppealId, int Number);

    protected override Task<Result<AttachedFile>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (appealId, number) = request;
                if ((await SeenAppeal.Of(db, appealId, caller)).Refused(out var refusal, out var seen))
                    return refusal;
                if (await AttachmentStore.Find(db, appealId, number) is not { } row)
                    return NotFound;
                await seen.Note(db, "attachment-viewed", Now, caller, new { number });
                return new AttachedFile(AppealAttachment.Of(row, seen.Anonymous), await AttachmentStore.Content(db, appealId, number));
            }
        );
}
