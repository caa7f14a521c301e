using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using EcoLabelRegistry.Subscriptions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcoLabelRegistry.Tests;

/// <summary>The real service on a real socket, with a registry of its own that is thrown away afterwards.</summary>
public abstract class RegistryApp : WebApplicationFactory<Program>, IAsyncLifetime
{
    /// <summary>Where the registry is kept.</summary>
    public abstract string Database { get; }

    /// <summary>What an empty registry is filled with.</summary>
    protected virtual string Seed => "reference";

    /// <summary>Further settings of the service.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Everything that was logged, for tests that look for what must not be there.</summary>
    public LogCollector Log { get; } = new();

    /// <summary>A client of the running service.</summary>
    public HttpClient Client { get; private set; } = null!;

    public virtual Task InitializeAsync()
    {
        UseKestrel(0);
        StartServer();
        Client = CreateClient();
        return Task.CompletedTask;
    }

    /// <summary>Runs something with the service's own services, as a write in the process would.</summary>
    public async Task<T> WithAsync<TService, T>(Func<TService, Task<T>> work)
        where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>The JSON at an address, whatever the status.</summary>
    public async Task<JsonElement> GetAsync(string address, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await Client.SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Registry:Database", Database);
        builder.UseSetting("Registry:Seed", Seed);
        builder.UseSetting("Registry:AdminKey", Writing.RegistrarKey);
        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        builder.ConfigureTestServices(services => services.AddSingleton<ResolveHost>(ResolveAsync));
    }

    /// <summary>No test asks the world for an address.</summary>
    protected virtual Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel) =>
        host == "localhost" ? Dns.GetHostAddressesAsync(host, cancel) : throw new SocketException((int)SocketError.HostNotFound);

    public new virtual async Task DisposeAsync()
    {
        Client?.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>A registry on SQLite.</summary>
public class SqliteRegistry : RegistryApp
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-").FullName;

    public override string Database => $"Data Source={Path.Combine(_folder, "registry.db")}";

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A registry on PostgreSQL, in a database of its own.</summary>
public class PostgreSqlRegistry : RegistryApp
{
    private readonly string _name = "registry_" + Guid.NewGuid().ToString("n");

    /// <summary>The server that the tests run against; <c>tests/run.sh</c> starts it.</summary>
    public static string TestServer => Environment.GetEnvironmentVariable("REGISTRY_TEST_POSTGRES")
        ?? throw new InvalidOperationException("These tests need PostgreSQL: run 'bash tests/run.sh', or set REGISTRY_TEST_POSTGRES to 'Host=…'.");

    public override string Database => new NpgsqlConnectionStringBuilder(TestServer) { Database = _name, MaxPoolSize = 20 }.ConnectionString;

    public override async Task InitializeAsync()
    {
        await ExecuteAsync($"create database {_name}");
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await ExecuteAsync($"drop database {_name} with (force)");
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var server = NpgsqlDataSource.Create(TestServer);
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>The reference registry on SQLite, shared by the tests that only read it.</summary>
[CollectionDefinition(Name)]
public sealed class SqliteReference : ICollectionFixture<SqliteRegistry>
{
    public const string Name = "the reference registry on SQLite";
}

/// <summary>The reference registry on PostgreSQL, shared by the tests that only read it.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSqlReference : ICollectionFixture<PostgreSqlRegistry>
{
    public const string Name = "the reference registry on PostgreSQL";
}

/// <summary>An empty registry on SQLite.</summary>
public sealed class EmptySqliteRegistry : SqliteRegistry
{
    protected override string Seed => "none";
}

/// <summary>An empty registry on PostgreSQL.</summary>
public sealed class EmptyPostgreSqlRegistry : PostgreSqlRegistry
{
    protected override string Seed => "none";
}

/// <summary>One line of the log, and which class wrote it.</summary>
public sealed record LogEntry(LogLevel Level, string Message, Exception? Exception, string Category);

/// <summary>Keeps what is logged.</summary>
public sealed class LogCollector : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<LogEntry> _entries = [];

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogCollector collector, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                collector._entries.Enqueue(new LogEntry(logLevel, formatter(state, exception), exception, category));
            }
        }
    }
}
