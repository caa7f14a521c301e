using System.Net;
using System.Net.Sockets;
using EcoLabelRegistry.Tests.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcoLabelRegistry.Tests.Database;

/// <summary>A PostgreSQL that is lost between two requests, and comes back.</summary>
public sealed class LostDatabaseTests(WiredRegistry app) : IClassFixture<WiredRegistry>
{
    [Fact]
    public async Task While_the_database_is_lost_the_answer_is_503_and_when_it_is_back_nothing_needs_a_restart()
    {
        for (var times = 0; times < 2; times++)
        {
            Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/v1/schemes")).StatusCode);

            app.Wire.Cut();
            // A check of now is answered from memory: this registry is empty, and nobody can be asked.
            await (await app.Client.GetAsync("/v1/check?recognisedBy=x&product=y")).ProblemAsync("unknown-recogniser");
            foreach (var address in new[] { "/v1/schemes", "/v1/certificates", "/v1/changes/verify", "/v1/check?recognisedBy=x&product=y&knownAt=1" })
            {
                var answer = await app.Client.GetAsync(address);
                Assert.Equal(503, (await answer.ProblemAsync("unavailable")).GetProperty("status").GetInt32());
                Assert.NotNull(answer.Headers.RetryAfter!.Delta);
            }

            var ready = await app.Client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Equal("down", (await ready.JsonAsync()).GetProperty("parts").GetProperty("database").Text("status"));
            Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/health/live")).StatusCode);

            app.Wire.Mend();
            Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/v1/schemes")).StatusCode);
            Assert.Equal("up", (await app.GetAsync("/health/ready")).Text("status"));
        }

        Assert.DoesNotContain(app.Log.Entries, entry => entry.Exception is not null);
        Assert.Contains(app.Log.Entries, entry => entry.Level == LogLevel.Warning && entry.Message.StartsWith("GET /v1/schemes refused, unavailable: ", StringComparison.Ordinal));
    }
}

/// <summary>A registry that reaches its PostgreSQL over a wire that can be cut.</summary>
public sealed class WiredRegistry : PostgreSqlRegistry
{
    public Wire Wire { get; } = new(new NpgsqlConnectionStringBuilder(TestServer));

    public override string Database => new NpgsqlConnectionStringBuilder(base.Database) { Host = "127.0.0.1", Port = Wire.Port }.ConnectionString;

    protected override string Seed => "none";

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Wire.Dispose();
    }
}

/// <summary>Carries what a client and a server say to each other, until it is cut.</summary>
public sealed class Wire : IDisposable
{
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly List<TcpClient> _ends = [];

    // Bound and never listening: the port stays this wire's while it is cut.
    private readonly Socket _place = Bound(0);
    private TcpListener _listener;

    public Wire(NpgsqlConnectionStringBuilder server)
    {
        _server = server;
        Port = ((IPEndPoint)_place.LocalEndPoint!).Port;
        _listener = Listen();
    }

    public int Port { get; }

    /// <summary>Breaks what is connected, and lets nobody connect.</summary>
    public void Cut()
    {
        _listener.Dispose();
        lock (_ends)
        {
            _ends.ForEach(end => end.Dispose());
            _ends.Clear();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Cut();
        _place.Dispose();
    }

    /// <summary>Lets clients connect again at the same port.</summary>
    public void Mend() => _listener = Listen();

    /// <summary>A port that is taken and refuses whoever connects.</summary>
    /// <param name="port">Which; 0 for one that is free.</param>
    public static Socket Bound(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        _ = CarryAsync(listener);
        return listener;
    }

    private async Task CarryAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                lock (_ends)
                {
                    _ends.AddRange([client, server]);
                }

                await server.ConnectAsync(_server.Host!, _server.Port);
                _ = CarryAsync(client, server);
                _ = CarryAsync(server, client);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // cut
        }
    }

    private static async Task CarryAsync(TcpClient speaker, TcpClient listener)
    {
        try
        {
            await speaker.GetStream().CopyToAsync(listener.GetStream());
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // cut
        }

        speaker.Dispose();
        listener.Dispose();
    }
}
