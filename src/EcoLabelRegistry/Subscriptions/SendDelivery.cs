using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Posts one entry of the log to a subscriber, signed as Standard Webhooks has it.</summary>
public sealed class SendDelivery : IDisposable
{
    private const string SecretPrefix = "whsec_";

    private readonly HttpClient _http;
    private readonly PublicAddresses _addresses;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;

    /// <summary>Follows no redirect, keeps no cookie, asks no proxy: what was looked at is what is spoken to.</summary>
    public SendDelivery(PublicAddresses addresses, RegistryOptions settings, TimeProvider clock)
    {
        (_addresses, _clock, _timeout) = (addresses, clock, TimeSpan.FromSeconds(settings.Webhooks.TimeoutSeconds));
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = addresses.ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16, // KB
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // its own does not tell a timeout from the end of the service
        };
    }

    /// <summary>Makes a secret: 256 random bits.</summary>
    public static string MakeSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Posts an entry once.</summary>
    /// <returns>How it went; anything but a status of 2xx is a failure.</returns>
    /// <exception cref="OperationCanceledException">The service stops; it is not known how it went.</exception>
    public async Task<Sent> SendAsync(string url, string secret, string id, Change change, CancellationToken cancel)
    {
        var address = new Uri(url);
        if (!_addresses.IsSchemeAllowed(address))
        {
            return new(null, DeliveryFailure.AddressRefused);
        }

        var body = Json.Bytes(GetChange.Response.Of(change));
        var timestamp = _clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new("EcoLabelRegistry", null));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Sign(secret, id, timestamp, body));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(_timeout);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return new((int)response.StatusCode, response.IsSuccessStatusCode ? null : DeliveryFailure.Status);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(null, DeliveryFailure.Timeout);
        }
        catch (HttpRequestException failure)
        {
            return new(null, Explain(failure));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>The signature: <c>v1,</c> and the HMAC-SHA256 of id, timestamp and body, joined by dots, under the bytes of the secret, in base64.</summary>
    /// <param name="secret">As it was shown to the subscriber.</param>
    /// <param name="id">Id of the delivery.</param>
    /// <param name="timestamp">Seconds since 1970, as sent.</param>
    /// <param name="body">As sent.</param>
    private static string Sign(string secret, string id, string timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[SecretPrefix.Length..]), signed));
    }

    private static DeliveryFailure Explain(HttpRequestException failure) => failure switch
    {
        { InnerException: AddressRefusedException } => DeliveryFailure.AddressRefused,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => DeliveryFailure.Tls,
        { HttpRequestError: HttpRequestError.NameResolutionError }
            or { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => DeliveryFailure.UnknownHost,
        _ => DeliveryFailure.Unreachable,
    };
}

/// <summary>How one attempt went.</summary>
/// <param name="Status">What the receiver answered; null when it did not.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public sealed record Sent(int? Status, DeliveryFailure? Failure);

/// <summary>Why an attempt failed.</summary>
public enum DeliveryFailure
{
    /// <summary>The receiver answered with another status than 2xx; a redirect is not followed.</summary>
    Status,

    /// <summary>The receiver did not answer in time.</summary>
    Timeout,

    /// <summary>Nobody takes connections there.</summary>
    Unreachable,

    /// <summary>The host's name has no address.</summary>
    UnknownHost,

    /// <summary>The connection could not be made secure: a wrong or expired certificate.</summary>
    Tls,

    /// <summary>The address is private or not https, which the operator has not allowed.</summary>
    AddressRefused,
}

/// <summary>How far a delivery is.</summary>
public enum DeliveryState
{
    /// <summary>It has not been taken yet, and is tried again.</summary>
    Pending,

    /// <summary>The receiver has taken it.</summary>
    Delivered,

    /// <summary>The last attempt failed. It can be redelivered.</summary>
    Dead,
}
