using System.Text;
using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Pages;

/// <summary>A form with a file at its end: its fields are read, the file is left to be read as it comes, of any length.</summary>
/// <param name="Fields">The fields before the file.</param>
/// <param name="FileName">Name of the file; null when none was chosen.</param>
/// <param name="File">The file.</param>
internal sealed record StreamedForm(IReadOnlyDictionary<string, StringValues> Fields, string? FileName, WatchedBody? File)
{
    private const int MostFields = 50;

    private const int LongestField = 1 << 14;

    /// <summary>Reads the fields.</summary>
    /// <exception cref="RefusalException">It is no such form.</exception>
    public static async Task<StreamedForm> ReadAsync(HttpRequest request)
    {
        try
        {
            if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
                && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 100 } boundary)
            {
                return await ReadAsync(new MultipartReader(boundary.Value!, request.Body), request.HttpContext.RequestAborted);
            }
        }
        catch (Exception failure) when (failure is InvalidDataException || (failure is IOException and not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested))
        {
            throw new RefusalException(ProblemCode.UnreadableRequest, new Message("writing.unreadable-form"), failure);
        }

        throw new RefusalException(ProblemCode.UnreadableRequest, new Message("writing.unreadable-form"));
    }

    private static async Task<StreamedForm> ReadAsync(MultipartReader reader, CancellationToken cancel)
    {
        var fields = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        for (var read = 0; await reader.ReadNextSectionAsync(cancel) is { } section; read++)
        {
            if (section.GetContentDispositionHeader() is not { } disposition || read == MostFields)
            {
                throw new InvalidDataException();
            }

            if (disposition.IsFileDisposition())
            {
                var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
                var file = new WatchedBody(section.Body);
                await file.PeekAsync(cancel);
                return new(fields, string.IsNullOrEmpty(name) && file.Head.Length == 0 ? null : name, file);
            }

            var field = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            fields[field] = StringValues.Concat(fields.GetValueOrDefault(field), await TextAsync(section.Body, cancel));
        }

        return new(fields, null, null);
    }

    private static async Task<string> TextAsync(Stream body, CancellationToken cancel)
    {
        var buffer = new byte[LongestField];
        var length = await body.ReadAtLeastAsync(buffer, LongestField, throwOnEndOfStream: false, cancel);
        return length < LongestField ? Encoding.UTF8.GetString(buffer, 0, length) : throw new InvalidDataException();
    }
}

/// <summary>A file on its way here: it keeps its beginning, and tells when all of it has come.</summary>
/// <param name="body">The file.</param>
internal sealed class WatchedBody(Stream body) : ForwardStream
{
    private const int Kept = 2_000;

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _head = new byte[Kept];
    private int _length;
    private int _given;

    /// <summary>Its first bytes.</summary>
    public ReadOnlyMemory<byte> Head => _head.AsMemory(0, _length);

    /// <summary>Done when all of it has been read.</summary>
    public Task End => _end.Task;

    /// <summary>Reads the first bytes, which are given out again.</summary>
    public async Task PeekAsync(CancellationToken cancel) => _length = await body.ReadAtLeastAsync(_head, Kept, throwOnEndOfStream: false, cancel);

    /// <summary>Lets the rest come and forgets it, so that whoever sends it hears what is said.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        var buffer = new byte[1 << 16];
        while (await ReadAsync(buffer, cancel) > 0)
        {
        }
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_given < _length)
        {
            var given = Math.Min(buffer.Length, _length - _given);
            _head.AsMemory(_given, given).CopyTo(buffer);
            _given += given;
            return given;
        }

        var read = await body.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0)
        {
            _end.TrySetResult();
        }

        return read;
    }
}
