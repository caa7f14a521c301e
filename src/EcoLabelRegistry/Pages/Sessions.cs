using System.Security.Cryptography;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;

namespace EcoLabelRegistry.Pages;

/// <summary>Who is signed in at the pages: a cookie holds his API key, encrypted, and every request asks whose it is, as the API does.</summary>
/// <remarks>
/// So a key that is revoked ends its sessions at once, on every server, and nothing of a session is kept here. The cookie is read for pages alone: no
/// address of the contract is ever answered by it.
/// </remarks>
public sealed class Sessions(IDataProtectionProvider protection, FindCaller find, IAntiforgery antiforgery, ILoggerFactory logs)
{
    /// <summary>The cookie.</summary>
    public const string Cookie = "session";

    /// <summary>Most characters of a key, so that the cookie is one that a browser keeps (4,096 bytes, RFC 6265); one of this registry has 64.</summary>
    public const int LongestKey = 2000;

    /// <summary>How long a session lasts: a working day.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(9);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector(typeof(Sessions).FullName!).ToTimeLimitedDataProtector();
    private readonly ILogger _security = logs.CreateLogger(Problems.SecurityLog);

    /// <summary>The caller whose session the request belongs to; null without one, and where it has ended: then its cookie goes.</summary>
    public async Task<Caller?> FindAsync(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { } kept)
        {
            return null;
        }

        if (Read(kept) is { } key && await find.ByTokenAsync(key, http.RequestAborted) is { } caller)
        {
            return caller;
        }

        End(http);
        return null;
    }

    /// <summary>Begins a session.</summary>
    /// <param name="http">The request that shows the key.</param>
    /// <param name="key">The API key.</param>
    /// <returns>Whose it is; null when it is no valid key, which the security log then has.</returns>
    public async Task<Caller?> BeginAsync(HttpContext http, string key)
    {
        if (key.Length > LongestKey || await find.ByTokenAsync(key, http.RequestAborted) is not { } caller)
        {
            Problems.LogSecurity(_security, http, ProblemCode.Unauthorised);
            return null;
        }

        http.Response.Cookies.Append(Cookie, _protector.Protect(key, Lasts), Options(http, Lasts));
        return caller;
    }

    /// <summary>Ends the session.</summary>
    public static void End(HttpContext http) => http.Response.Cookies.Delete(Cookie, Options(http, null));

    /// <summary>Was the form made by this service for this browser?</summary>
    /// <exception cref="RefusalException">The form was sent by the page of another site, or by something that is no browser with a form of ours.</exception>
    /// <returns>False when it comes from a page of ours, but the browser has lost what proves it: closed and opened again, or left open for months.</returns>
    public async Task<bool> IsFormOursAsync(HttpContext http)
    {
        if (await antiforgery.IsRequestValidAsync(http))
        {
            return true;
        }

        // Only a browser sets this, and no script can: https://www.w3.org/TR/fetch-metadata/.
        if (http.Request.Headers["Sec-Fetch-Site"] == "same-origin")
        {
            return false;
        }

        Problems.LogSecurity(_security, http, ProblemCode.Invalid);
        throw new RefusalException(ProblemCode.Invalid, new Message("writing.foreign-form"));
    }

    // Lax and not strict: the address of an agreement to sign comes by mail, and whoever follows it is signed in. What writes is sent by POST, to which
    // no other site can add the cookie.
    private static CookieOptions Options(HttpContext http, TimeSpan? lasts) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        MaxAge = lasts,
        IsEssential = true,
    };

    private string? Read(string kept)
    {
        try
        {
            return _protector.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null; // forged, cut off, expired, or of another registry
        }
    }
}
