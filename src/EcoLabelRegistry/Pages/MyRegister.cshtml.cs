using System.Text;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Schemes;
using MediatR;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Primitives;

namespace EcoLabelRegistry.Pages;

/// <summary>The register of one scheme, for whose it is: what it holds, what its imports did, and the form that sends a file.</summary>
/// <remarks>
/// The file is never kept: it is read as it comes. So its form is read here, field by field, and whoever has no session is sent to get one before any
/// of it is read: a file, unlike what is typed, cannot be shown again.
/// </remarks>
public sealed class MyRegisterModel(IMediator mediator, TimeProvider clock, Sessions sessions, Uploads uploads) : WritingPage(mediator, clock, sessions)
{
    /// <summary>Rows of the last import that are shown.</summary>
    public const int RowsShown = 10;

    private const int ImportsShown = 10;

    private const int LinesShown = 5;

    private const int LongestLine = 300;

    // The header in which antiforgery looks for the token before it would read the form, and with it the file.
    private const string TokenHeader = "RequestVerificationToken";

    private const string TokenField = "__RequestVerificationToken";

    // Most files are in the registry by then, and the next page shows it at once.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly string[] FormFields = ["kind", "onError", "maxWithdraw"];

    private StreamedForm? _form;

    /// <summary>The scheme; null while nobody is signed in.</summary>
    public GetScheme.Response? Own { get; private set; }

    public CountCertificates.Response Counts { get; private set; } = null!;

    /// <summary>Its imports, newest first.</summary>
    public IReadOnlyList<GetImport.Response> Imports { get; private set; } = [];

    /// <summary>The import that changed it last; null when none of those shown did.</summary>
    public GetImport.Response? LastChange { get; private set; }

    /// <summary>The first certificates that it changed.</summary>
    public IReadOnlyList<ListImported.Row> Changed { get; private set; } = [];

    /// <summary>The first lines of a file that is none of a register.</summary>
    public IReadOnlyList<string> FirstLines { get; private set; } = [];

    private string Code => Route("code");

    /// <inheritdoc />
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (IsSent && SignedIn is null)
        {
            Fault("", new Message("my-register.sign-in"));
            context.Result = await AgainAsync(StatusCodes.Status401Unauthorized);
            return;
        }

        await base.OnPageHandlerExecutionAsync(context, next);
    }

    public async Task<IActionResult> OnGetAsync()
    {
        if (ToSignIn() is { } elsewhere)
        {
            return elsewhere;
        }

        await ShowAsync();
        return Page();
    }

    /// <summary>Takes the file, or tries it.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        var kind = Choice("kind", ImportKind.Full);
        var onError = Choice("onError", OnError.Refuse);
        var maxWithdraw = Value<int>("maxWithdraw") ?? ImportRegister.DefaultMaxWithdraw;
        if (_form is not { File: { } file, FileName: not null })
        {
            Fault("file", new Message("my-register.no-file"));
        }
        else if (IsSpreadsheet(file.Head.Span))
        {
            Fault("file", new Message("my-register.spreadsheet"));
        }
        else if (FileKind.Of(file.Head.Span) is { } other)
        {
            Fault("file", new Message("my-register.other-file", other));
        }

        if (Faults.Count > 0)
        {
            return await AgainAsync(StatusCodes.Status400BadRequest);
        }

        var body = _form!.File!;
        var id = Guid.CreateVersion7().ToString();
        RegisterRows rows = LooksLikeJson(body.Head.Span) ? new NdjsonRows(body) : new CsvRows(body);
        var running = uploads.Begin(new ImportRegister.Request(Code, rows, kind, onError, maxWithdraw, null, SignedIn!.Caller.Actor)
        {
            IsTrial = Text("step") == "try",
            Import = id,
        });
        await Task.WhenAny(running, body.End);
        await Task.WhenAny(running, Task.Delay(Patience, HttpContext.RequestAborted));
        if (running.IsCompleted)
        {
            try
            {
                await running;
            }
            catch (RefusalException refusal) when (refusal is { Rejected.Count: 0, ProblemCode: not (ProblemCode.TooManyWithdrawals or ProblemCode.Forbidden or ProblemCode.NotFound) })
            {
                return await UnreadAsync(refusal, body);
            }
            catch (RefusalException refusal) when (refusal.ProblemCode is not (ProblemCode.Forbidden or ProblemCode.NotFound))
            {
                // Its own page says what is wrong with which line.
            }
        }

        return LocalRedirect(Places.Import(Code, id));
    }

    /// <inheritdoc />
    protected override async Task ReadFormAsync()
    {
        SignedIn!.DemandRegister((await AskAsync(new GetScheme.Request(Code))).Value);
        if (Request.HasFormContentType && Request.GetTypedHeaders().ContentType?.MediaType != "multipart/form-data")
        {
            await base.ReadFormAsync(); // without its file: shown again in another language
            _form = new(Request.Form.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal), null, null);
            return;
        }

        if (HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // a register has any length
        }

        _form = await StreamedForm.ReadAsync(Request);
        Request.Headers[TokenHeader] = Sent(TokenField) is [{ Length: > 0 } token] ? token : "none"; // never from the rest of the body
    }

    /// <inheritdoc />
    protected override SentForm Sends => new(FormId, HasFile: true);

    /// <inheritdoc />
    protected override StringValues Sent(string field) => _form?.Fields.GetValueOrDefault(field) ?? StringValues.Empty;

    /// <inheritdoc />
    protected override async Task ShowAsync()
    {
        if (SignedIn is null)
        {
            return;
        }

        Own = (await AskAsync(new GetScheme.Request(Code))).Value;
        SignedIn.DemandRegister(Own);
        Counts = await AskAsync(new CountCertificates.Request(Code));
        Imports = (await AskAsync(new ListImports.Request(Stretch(ImportsShown), Code))).Page.Items;
        LastChange = Imports.FirstOrDefault(i => i.Revision is not null);
        if (LastChange?.Revision is { } revision)
        {
            Changed = (await AskAsync(new ListImported.Request(Stretch(RowsShown), new RevisionNumber(revision), Code))).Items;
        }
    }

    private async Task<IActionResult> UnreadAsync(RefusalException refusal, WatchedBody body)
    {
        foreach (var fault in refusal.Faults)
        {
            Fault(FormFields.Contains(fault.Member, StringComparer.Ordinal) ? fault.Member : "file", FileWords.Of(fault.Message));
        }

        if (refusal.Faults.Count == 0)
        {
            Fault("file", FileWords.Of(refusal.Detail));
        }

        FirstLines = !Faults.ContainsKey("file") || refusal.ProblemCode is ProblemCode.ImportRunning or ProblemCode.NotPossible ? [] : LinesOf(body.Head.Span);
        return await AgainAsync(refusal.ProblemCode.Status());
    }

    // The rest of the file is let come: a browser that is cut off while it sends shows nothing of what is said.
    protected override async Task<IActionResult> AgainAsync(int status)
    {
        if (_form?.File is { } file)
        {
            await file.DrainAsync(HttpContext.RequestAborted);
        }

        return await base.AgainAsync(status);
    }

    private TMember Choice<TMember>(string field, TMember otherwise)
        where TMember : struct, Enum
    {
        if (Text(field) is not { } text)
        {
            return otherwise;
        }

        if (Recognition.Code.TryParse<TMember>(text, out var member))
        {
            return member;
        }

        Fault(field, new Message("my-register.choose"));
        return otherwise;
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> head) =>
        (head.StartsWith(Encoding.UTF8.Preamble) ? head[Encoding.UTF8.Preamble.Length..] : head).TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    // A file of a spreadsheet is a ZIP archive, or of the older kind a compound file.
    private static bool IsSpreadsheet(ReadOnlySpan<byte> head) => head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]);

    private static IReadOnlyList<string> LinesOf(ReadOnlySpan<byte> head) => head.IsEmpty || head.Contains((byte)0)
        ? []
        : [.. Encoding.UTF8.GetString(head).TrimStart('\uFEFF').Split('\n').Take(LinesShown).Select(line => line.Length > LongestLine ? line[..LongestLine] + "…" : line.TrimEnd('\r'))];
}
