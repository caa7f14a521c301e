using System.Net.Sockets;
using System.Text;
using static EcoLabelRegistry.Tests.Registers.RegisterCalls;

namespace EcoLabelRegistry.Tests.Registers;

public sealed class SqliteSlowRegister(ImpatientSqliteRegistry app) : SlowRegisterTests(app), IClassFixture<ImpatientSqliteRegistry>;

public sealed class PostgreSqlSlowRegister(ImpatientPostgreSqlRegistry app) : SlowRegisterTests(app), IClassFixture<ImpatientPostgreSqlRegistry>;

/// <summary>A registry that waits six seconds for the next byte of a register.</summary>
public sealed class ImpatientSqliteRegistry : SqliteRegistry
{
    protected override string Seed => "none";

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["Registry:Registers:StallSeconds"] = "6" };
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class ImpatientPostgreSqlRegistry : PostgreSqlRegistry
{
    protected override string Seed => "none";

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["Registry:Registers:StallSeconds"] = "6" };
}

/// <summary>Registers that come slowly, or stop coming.</summary>
public abstract class SlowRegisterTests(RegistryApp app)
{
    [Theory]
    [InlineData(Ndjson)]
    [InlineData(Csv)]
    public async Task A_register_that_comes_slowly_is_taken_when_it_is_here(string mediaType)
    {
        var scheme = await app.NewSchemeAsync();
        var body = new SlowBody(mediaType);
        var sent = app.SendAsync(HttpMethod.Patch, scheme, body);
        body.Send(mediaType == Csv ? "number,validFrom\n" : "\n");
        for (var i = 0; i < 20; i++)
        {
            body.Send(mediaType == Csv ? $"N-{i},2020\n" : Row($"N-{i}") + "\n");
            await Task.Delay(400); // less than the server's own rule would have, for longer than it would wait
        }

        body.End();
        Assert.Equal("20/0/0/0", (await sent.TakenAsync()).Counts());
    }

    [Theory]
    [InlineData(Ndjson)]
    [InlineData(Csv)]
    public async Task A_register_that_stops_coming_is_refused_and_gives_its_turn_back(string mediaType)
    {
        var scheme = await app.NewSchemeAsync();
        var before = await app.RowsAsync();
        var rows = mediaType == Csv ? "number,validFrom\nA,2020\n" : Row("A") + "\n";
        using var socket = new TcpClient(); // most clients read no answer before they have sent everything
        await socket.ConnectAsync("127.0.0.1", app.Client.BaseAddress!.Port);
        await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"PUT /v1/schemes/{scheme}/register HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {RegistrarKey}\r\nContent-Type: {mediaType}\r\nTransfer-Encoding: chunked\r\n\r\n{rows.Length:x}\r\n{rows}\r\n"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (answer, buffer) = ("", new byte[4096]);
        for (var read = 1; read > 0 && !answer.Contains('}', StringComparison.Ordinal); answer += Encoding.UTF8.GetString(buffer, 0, read))
        {
            read = await socket.GetStream().ReadAsync(buffer, patience.Token);
        }

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request-timeout\"", answer, StringComparison.Ordinal);
        Assert.Equal(before, await app.RowsAsync());
        var import = Assert.Single((await app.GetAsync($"/v1/imports?scheme={scheme}")).Items());
        Assert.Equal(("refused", "request-timeout"), (import.Text("state"), import.Text("problem")));
        Assert.Equal("1/0/0/0", (await app.PutAsync(scheme, Row("A")).TakenAsync()).Counts());
    }
}
