using System.Net;
using System.Net.Sockets;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Finds the addresses of a host.</summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancel);

/// <summary>Keeps deliveries on the public internet: a subscriber must not make this server speak to its own network.</summary>
/// <remarks>
/// A name is resolved here, and the connection goes to an address that was looked at, so that a name whose addresses change between the look and the
/// connection gains nothing. With <c>Registry:Webhooks:AllowPrivate</c> every address and plain HTTP are allowed.
/// </remarks>
public sealed class PublicAddresses(RegistryOptions settings, ResolveHost resolve)
{
    // The special-purpose registries of IANA for IPv4 and IPv6 (RFC 6890 and its successors).
    private static readonly IPNetwork[] SpecialIPv4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    // Of IPv6 only global unicast is public at all; within it, what is special or carries an IPv4 address (Teredo, 6to4) is not.
    private static readonly IPNetwork GlobalIPv6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialIPv6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(text => IPNetwork.Parse(text))];

    /// <summary>True for an address that belongs to one host on the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !SpecialIPv4.Any(network => network.Contains(address))
            : GlobalIPv6.Contains(address) && !SpecialIPv6.Any(network => network.Contains(address));
    }

    /// <summary>What is wrong with an address as one to deliver to; null for one that will do. A name that cannot be resolved now may be later.</summary>
    public async Task<Message?> FaultOfAsync(string url, CancellationToken cancel)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.IdnHost.Length == 0
            || address.UserInfo.Length > 0 || address.Fragment.Length > 0)
        {
            return new Message("fault.webhook-address", url);
        }

        if (!IsSchemeAllowed(address))
        {
            return new Message("fault.webhook-https", url);
        }

        try
        {
            await AllowedAsync(address.IdnHost, cancel);
            return null;
        }
        catch (AddressRefusedException)
        {
            return new Message("fault.webhook-private", address.Host);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>True when it is spoken to in the open only if that is allowed.</summary>
    public bool IsSchemeAllowed(Uri address) => address.Scheme == Uri.UriSchemeHttps || settings.Webhooks.AllowPrivate;

    /// <summary>Connects to one of the allowed addresses of a host.</summary>
    /// <exception cref="AddressRefusedException">It has none.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var addresses = await AllowedAsync(context.DnsEndPoint.Host, cancel);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> AllowedAsync(string host, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancel);
        var allowed = settings.Webhooks.AllowPrivate ? addresses : [.. addresses.Where(IsPublic)];
        return allowed.Length > 0 ? allowed : throw new AddressRefusedException(host);
    }
}

/// <summary>No address of the host is one that may be delivered to.</summary>
public sealed class AddressRefusedException(string host) : Exception($"{host} has no address on the public internet.");
