using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;

namespace EcoLabelRegistry.Changes;

/// <summary>Answers a POST that is sent again under its <c>Idempotency-Key</c> as it was answered first.</summary>
/// <remarks>
/// A write that was done is recognised by <see cref="ChangeLog"/>, under the write lock; a refusal changes nothing and is kept here, as sent. What
/// says nothing about the request itself (401, 408, 413, 415, 429 and every 5xx) is not kept.
/// </remarks>
public sealed class IdempotentWrites(RequestDelegate next, DbDataSource database, TimeProvider clock)
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 255;

    private readonly ConcurrentDictionary<(string Caller, string Key), byte> _running = new();

    public Task InvokeAsync(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method)
        && http.Request.Headers[Header] is { Count: > 0 } keys
        && http.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<NeedsKey>() is not null || metadata.GetMetadata<WelcomesKey>() is not null)
            ? AnswerOnceAsync(http, keys.ToString())
            : next(http);

    private async Task AnswerOnceAsync(HttpContext http, string key)
    {
        if (key.Length is 0 or > LongestKey || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw Refusal.Invalid(Header, new Message("fault.idempotency-key", LongestKey));
        }

        var caller = Caller.Of(http)?.Actor.Code ?? Anonymous(http, key);
        if (!_running.TryAdd((caller, key), 0))
        {
            throw Refusal.InProgress(key);
        }

        try
        {
            var request = new IdempotentRequest(caller, key, await DigestAsync(http.Request, http.RequestAborted));
            await using (var db = await database.OpenConnectionAsync(http.RequestAborted))
            {
                if (await request.FindAsync(db, null, clock.GetUtcNow()) is { Status: { } status, Answer: { } problem })
                {
                    http.Response.StatusCode = (int)status;
                    http.Response.ContentType = ProblemDocument.MediaType;
                    await http.Response.WriteAsync(problem, http.RequestAborted);
                    return;
                }
            }

            IdempotentRequest.Current = request;
            try
            {
                await next(http);
            }
            catch (Exception failure) when (Problems.Explain(failure) is { } refusal && IsAboutTheRequest(refusal.ProblemCode))
            {
                await KeepAsync(request, ProblemDocument.Of(refusal, Language.Current, Problems.TraceId(http)));
                throw;
            }
        }
        finally
        {
            _running.TryRemove((caller, key), out _);
        }
    }

    // Keys of two addresses never meet, and no address is kept: it is digested with the key, which its sender draws at random.
    private static string Anonymous(HttpContext http, string key) =>
        $"{Actor.Anyone.Code}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{http.Connection.RemoteIpAddress}")))}";

    private static bool IsAboutTheRequest(ProblemCode code) =>
        code.Status() is >= 400 and < 500
        && code is not (ProblemCode.Unauthorised or ProblemCode.RequestTimeout or ProblemCode.PayloadTooLarge or ProblemCode.UnsupportedMediaType
            or ProblemCode.TooManyRequests or ProblemCode.InProgress or ProblemCode.IdempotencyKeyReused or ProblemCode.KeyAlreadyShown);

    private async Task KeepAsync(IdempotentRequest request, ProblemDocument problem)
    {
        await using var db = await database.OpenConnectionAsync();
        await request.KeepAsync(db, null, clock.GetUtcNow(), problem.Status, Encoding.UTF8.GetString(Json.Bytes(problem)));
    }

    private static async Task<string> DigestAsync(HttpRequest request, CancellationToken cancel)
    {
        request.EnableBuffering();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.PathBase}{request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancel)) > 0;)
        {
            digest.AppendData(buffer, 0, read);
        }

        request.Body.Position = 0;
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
