using System.Data.Common;
using System.Diagnostics;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Pages;
using EcoLabelRegistry.Recognition;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace EcoLabelRegistry.Http;

/// <summary>The one place where what goes wrong becomes an answer: a refusal, the framework's own 4xx, a lost database, a defect.</summary>
/// <remarks>
/// | what | status | logged as |
/// | --- | --- | --- |
/// | <see cref="RefusalException"/> | that of its code | information, no stack trace |
/// | <see cref="BadHttpRequestException"/>, a bare 4xx of routing | 400, 404, 405, 408, 413, 415 | information, no stack trace |
/// | a database that cannot be reached | 503 with <c>Retry-After</c> | warning, no stack trace |
/// | anything else | 500 without detail | error, with everything |
/// A failure after the first byte aborts the connection: it never looks like a clean end.
/// </remarks>
public sealed class Problems(RequestDelegate next, ILogger<Problems> log, ILoggerFactory logs)
{
    /// <summary>The category under which the log has every attempt that was not allowed.</summary>
    public const string SecurityLog = "EcoLabelRegistry.Security";

    private readonly ILogger _security = logs.CreateLogger(SecurityLog);

    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception failure) when (IsClientGone(failure, http))
        {
            if (!http.Response.HasStarted)
            {
                http.Response.StatusCode = ClientClosedRequest; // for the measurements; nobody reads it
            }

            return;
        }
        catch (Exception failure) when (http.Response.HasStarted)
        {
            log.LogError(failure, "{Method} {Path} failed after its first byte; the connection is aborted", http.Request.Method, http.Request.Path);
            http.Abort();
            return;
        }
        catch (Exception failure)
        {
            await RefuseAsync(http, failure);
            return;
        }

        var response = http.Response;
        if (response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
        {
            await RefuseAsync(http, BareStatus(http));
        }
    }

    /// <summary>Notes an attempt that was not allowed: who, what and from where.</summary>
    /// <param name="security">The log of <see cref="SecurityLog"/>.</param>
    /// <param name="http">The attempt.</param>
    /// <param name="code">Why it was not allowed.</param>
    public static void LogSecurity(ILogger security, HttpContext http, ProblemCode code) => security.LogWarning(
        "{Method} {Path} refused, {Code}: {Actor}, from {Address}",
        http.Request.Method,
        http.Request.Path,
        Code.Of(code),
        Keys.Caller.Of(http)?.Actor.Code ?? "nobody",
        http.Connection.RemoteIpAddress);

    /// <summary>The id under which the log has this request.</summary>
    public static string TraceId(HttpContext http) => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;

    /// <summary>The refusal that an exception means; null for a defect.</summary>
    public static RefusalException? Explain(Exception failure) => failure switch
    {
        RefusalException refusal => refusal,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Refusal.PayloadTooLarge(),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => Refusal.RequestTimeout(),
        BadHttpRequestException => new(ProblemCode.UnreadableRequest, new Message("refusal.unreadable-request")),
        DbException lost when Engines.IsUnavailable(lost) => Refusal.Unavailable(),
        TimeoutException => Refusal.Unavailable(),
        _ => null,
    };

    private static RefusalException BareStatus(HttpContext http)
    {
        var code = ProblemCodes.ForStatus(http.Response.StatusCode);
        return new(code, code switch
        {
            ProblemCode.NotFound => new Message("refusal.no-such-address", http.Request.Path.Value),
            ProblemCode.MethodNotAllowed => new Message("refusal.method-not-allowed", http.Request.Method, Allowed(http.Response)),
            _ => new Message(Resources.Texts.Key(code)),
        });
    }

    // What is read can be asked for its headers, which the routes do not know.
    private static string Allowed(HttpResponse response)
    {
        var allowed = response.Headers.Allow.ToString().Replace("GET", "GET, HEAD", StringComparison.Ordinal);
        response.Headers.Allow = allowed;
        return allowed;
    }

    private static bool IsClientGone(Exception failure, HttpContext http) =>
        failure is ConnectionResetException or ConnectionAbortedException
        || (failure is OperationCanceledException or IOException and not BadHttpRequestException && http.RequestAborted.IsCancellationRequested);

    private async Task RefuseAsync(HttpContext http, Exception failure)
    {
        var refusal = Explain(failure) ?? new(ProblemCode.InternalError, new Message("refusal.internal-error"));
        var code = Code.Of(refusal.ProblemCode);
        switch (refusal.ProblemCode)
        {
            case ProblemCode.InternalError:
                log.LogError(failure, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
                break;
            case ProblemCode.Unavailable:
                log.LogWarning("{Method} {Path} refused, {Code}: {Cause}", http.Request.Method, http.Request.Path, code, failure.Message);
                break;
            case ProblemCode.Unauthorised or ProblemCode.Forbidden:
                LogSecurity(_security, http, refusal.ProblemCode);
                break;
            default:
                log.LogInformation("{Method} {Path} refused, {Code}", http.Request.Method, http.Request.Path, code);
                break;
        }

        var response = http.Response;
        response.StatusCode = refusal.ProblemCode.Status();
        response.Headers.ETag = default;
        response.Headers.Link = default;
        response.Headers.CacheControl = "no-store";
        if (refusal.ProblemCode == ProblemCode.Unauthorised)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (refusal.Revision is { } revision)
        {
            Revisions.Say(response, revision);
        }

        response.SayRetryAfter(refusal);

        // Most clients read no answer before they have sent everything, and a connection closed on bytes that nobody has read takes the answer
        // with it. Kestrel reads on for some seconds after an answer, but not beyond its own limit.
        if (refusal.ProblemCode == ProblemCode.PayloadTooLarge && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var problem = ProblemDocument.Of(refusal, Language.Current, TraceId(http));
        await (ServePages.IsForPeople(http)
            ? ProblemPage.WriteAsync(http, problem, refusal.RetryAfter)
            : Json.WriteAsync(response, problem, ProblemDocument.MediaType, http.RequestAborted));
    }
}
