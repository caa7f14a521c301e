using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Checks.Lists;

public sealed class SqliteStreamedList(StrictSqliteRegistry app) : StreamedListTests(app), IClassFixture<StrictSqliteRegistry>;

public sealed class PostgreSqlStreamedList(StrictPostgreSqlRegistry app) : StreamedListTests(app), IClassFixture<StrictPostgreSqlRegistry>;

/// <summary>A small registry with little patience and little room.</summary>
public sealed class StrictSqliteRegistry : SqliteRegistry
{
    protected override string Seed => "none";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.BeStrict();
    }
}

/// <summary>A small registry with little patience and little room.</summary>
public sealed class StrictPostgreSqlRegistry : PostgreSqlRegistry
{
    protected override string Seed => "none";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.BeStrict();
    }
}

internal static class Strictness
{
    public static void BeStrict(this IWebHostBuilder builder)
    {
        builder.UseSetting("Registry:Checks:StallSeconds", "3");
        builder.UseSetting("Registry:Checks:MaxOverflowMegabytes", "64");
        builder.UseSetting("Registry:Checks:MaxDocumentMegabytes", "1");
        builder.UseSetting("Registry:Checks:MaxUnpackedMegabytes", "8");
        builder.UseSetting("Registry:Checks:MaxColumns", "20");
        builder.UseSetting("Registry:Checks:MaxLineKilobytes", "16");
    }
}

/// <summary>Lists as they really come in: long, slow, hostile, or broken off.</summary>
public abstract class StreamedListTests(RegistryApp app)
{
    [Fact]
    public async Task All_rows_are_answered_at_the_revision_of_the_first_whatever_is_written_meanwhile()
    {
        await app.FillAsync();
        using var client = await DuplexAsync(Listed.Lines, "?recognisedBy=alpha");
        await client.SendAsync("""{"id":"1","scheme":"beta","certificate":"meanwhile"}""" + "\n");
        var first = JsonDocument.Parse(await client.ReadLineAsync()).RootElement;
        Assert.Equal("unknown", first.Text("outcome"));

        await app.RegisterAsync(Certificate("meanwhile", "2024-01-01", Product("Brush", "One")));
        await client.SendAsync("""{"id":"2","scheme":"beta","certificate":"meanwhile"}""" + "\n");
        var second = JsonDocument.Parse(await client.ReadLineAsync()).RootElement;
        await client.EndAsync();

        Assert.Equal("unknown", second.Text("outcome"));
        Assert.Equal(first.GetProperty("revision").GetInt64(), second.GetProperty("revision").GetInt64());
        Assert.Equal("", await client.ReadLineAsync());
        var later = await (await app.PostAsync("?recognisedBy=alpha", Listed.Lines, """{"scheme":"beta","certificate":"meanwhile"}""")).LinesAsync();
        Assert.Equal("recognised", later.Single().Text("outcome"));
    }

    [Fact]
    public async Task What_we_write_ourselves_is_no_formula()
    {
        await app.FillAsync();
        await app.RegisterAsync(Certificate("=1+1", "2024-01-01", Product("Brush", "Formula")));
        var rows = await (await app.PostAsync("?recognisedBy=alpha", Listed.Csv, "brand,model,remark\nBrush,Formula,=2+2\n")).RowsAsync();

        Assert.Equal(("'=1+1", "=2+2"), (rows.Cell(1, "certificate_number"), rows.Cell(1, "remark")));
        Assert.Equal("recognised", rows.Cell(1, "outcome"));
    }

    [Theory]
    [InlineData(Listed.Csv)]
    [InlineData(Listed.Lines)]
    public async Task A_client_that_reads_nothing_until_it_has_sent_everything_gets_its_answer(string mediaType)
    {
        await app.FillAsync();
        const int Rows = 60_000;
        using var client = await DuplexAsync(mediaType, "?recognisedBy=alpha");
        await client.SendAsync(mediaType == Listed.Csv ? "gtin,remark\n" : "");
        var remark = new string('x', 200);
        foreach (var chunk in Enumerable.Range(0, Rows).Chunk(1000))
        {
            await client.SendAsync(string.Concat(chunk.Select(i => mediaType == Listed.Csv ? $"{i},{remark}\n" : $$"""{"id":"{{i}}","gtin":"1"}""" + "\n")));
        }

        await client.EndAsync();
        var lines = new List<string>();
        while (await client.ReadLineAsync() is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        Assert.Equal(Rows, lines.Count - (mediaType == Listed.Csv ? 1 : 0));
        Assert.All(lines.Skip(lines.Count - Rows).Index(), line => Assert.Contains(
            mediaType == Listed.Csv ? $"{line.Index},{remark},,,,,,,,,invalid," : $"\"id\":\"{line.Index}\",\"problem\":", line.Item, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_never_reads_is_given_up_and_it_never_looks_like_a_clean_end()
    {
        await app.FillAsync();
        using var client = await DuplexAsync(Listed.Lines, "?recognisedBy=alpha");
        var chunk = string.Concat(Enumerable.Range(0, 2000).Select(i => $$"""{"id":"{{i}}","gtin":"1"}""" + "\n"));
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await client.SendAsync(chunk);
            }
        });

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await client.ReadLineAsync() is not "")
            {
            }
        });
        await AssertStillAnswersAsync();
    }

    [Fact]
    public async Task A_client_that_goes_away_frees_everything()
    {
        await app.FillAsync();
        for (var i = 0; i < 5; i++)
        {
            using var client = await DuplexAsync(Listed.Lines, "?recognisedBy=alpha");
            await client.SendAsync(string.Concat(Enumerable.Range(0, 40_000).Select(n => $$"""{"id":"{{n}}","gtin":"1"}""" + "\n")));
        }

        await AssertStillAnswersAsync();
        if (OperatingSystem.IsLinux())
        {
            // Deleted files that are still open; others may be answering, too, so that it is waited for.
            var patience = Stopwatch.StartNew();
            while (OpenTemporaryFiles().Any())
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), string.Join(' ', OpenTemporaryFiles()));
                await Task.Delay(50);
            }
        }

        Assert.DoesNotContain(app.Log.Entries, entry => entry.Level >= LogLevel.Error);
    }

    [Theory]
    [InlineData(Listed.Csv, "gtin,remark\n40063813")]
    [InlineData(Listed.Lines, "{\"gtin\":")]
    [InlineData(Listed.Json, "{\"items\":[")]
    [InlineData(Listed.Xml, "<Catalogue")]
    [InlineData(Listed.Sheet, "PK")]
    public async Task An_upload_that_stalls_is_refused(string mediaType, string begun)
    {
        await app.FillAsync();
        using var client = await DuplexAsync(mediaType, "?recognisedBy=alpha", readsHead: false);
        await client.SendAsync(begun);

        Assert.Equal(HttpStatusCode.RequestTimeout, await client.ReadHeadAsync());
        Assert.Equal("request-timeout", JsonDocument.Parse(await client.ReadLineAsync()).RootElement.Text("code"));
    }

    [Fact]
    public async Task An_upload_that_stalls_after_answers_have_gone_out_is_broken_off()
    {
        await app.FillAsync();
        using var client = await DuplexAsync(Listed.Lines, "?recognisedBy=alpha");
        await client.SendAsync("{\"id\":\"1\",\"gtin\":\"1\"}\n{\"id\":");

        Assert.Contains("\"id\":\"1\"", await client.ReadLineAsync(), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(client.ReadLineAsync);
    }

    [Theory]
    [InlineData(Listed.Csv)]
    [InlineData(Listed.Lines)]
    public async Task A_client_that_sends_a_little_now_and_then_is_waited_for_as_long_as_it_does(string mediaType)
    {
        const int Rows = 20;
        await app.FillAsync();
        using var client = await DuplexAsync(mediaType, "?recognisedBy=alpha");
        await client.SendAsync(mediaType == Listed.Csv ? "gtin\n" : "");
        for (var i = 0; i < Rows; i++)
        {
            await client.SendAsync(mediaType == Listed.Csv ? "1\n" : "{\"gtin\":\"1\"}\n");
            await Task.Delay(400); // some bytes a second for eight seconds; the registry is patient for three without any
        }

        await client.EndAsync();
        var lines = 0;
        while (await client.ReadLineAsync() is { Length: > 0 })
        {
            lines++;
        }

        Assert.Equal(Rows + (mediaType == Listed.Csv ? 1 : 0), lines);
    }

    [Theory]
    [InlineData(Listed.Csv, "gtin,remark\n1,a\n")]
    [InlineData(Listed.Lines, "{\"gtin\":\"1\"}\n")]
    public async Task A_line_of_a_hundred_megabytes_is_the_problem_of_its_row(string mediaType, string before)
    {
        await app.FillAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/checks?recognisedBy=alpha") { Content = new Long(before, 100 << 20, "\n" + before.Split('\n')[^2] + "\n") };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        var response = await app.Client.SendAsync(request);

        if (mediaType == Listed.Csv)
        {
            var rows = await response.RowsAsync();
            Assert.Equal(["invalid", "payload-too-large", "invalid"], Enumerable.Range(1, 3).Select(row => rows.Cell(row, "reasons")));
        }
        else
        {
            Assert.Equal(["invalid", "payload-too-large", "invalid"], (await response.LinesAsync()).Select(line => line.GetProperty("problem").Text("code")));
        }
    }

    [Fact]
    public async Task A_header_of_a_hundred_megabytes_or_of_ten_thousand_columns_is_refused()
    {
        await app.FillAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/checks?recognisedBy=alpha") { Content = new Long("gtin,", 100 << 20, "\n1,1\n") };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Listed.Csv);
        Assert.Equal("payload-too-large", (await (await app.Client.SendAsync(request)).ProblemAsync(413)).Text("code"));

        var columns = string.Join(',', Enumerable.Range(0, 2_000).Select(i => $"c{i}").Prepend("gtin"));
        var problem = await (await app.PostAsync("?recognisedBy=alpha", Listed.Csv, columns + "\n1\n")).ProblemAsync(400);
        Assert.Contains("2001", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("20", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Listed.Json, """{"items":[],"x":"{0}"}""")]
    [InlineData(Listed.Xml, "<Catalogue>{0}</Catalogue>")]
    [InlineData(Listed.Sheet, "PK{0}")]
    public async Task A_document_is_read_whole_and_has_its_limit(string mediaType, string pattern) => Assert.Equal(
        "payload-too-large",
        (await (await app.PostAsync("?recognisedBy=alpha", mediaType, pattern.Replace("{0}", new string('x', 2 << 20), StringComparison.Ordinal))).ProblemAsync(413)).Text("code"));

    [Fact]
    public async Task A_document_that_does_not_say_how_long_it_is_has_the_same_limit()
    {
        using var client = await DuplexAsync(Listed.Xml, "?recognisedBy=alpha");
        await client.SendAsync("<Catalogue>" + new string('x', 30 << 20));
        await client.EndAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await client.ReadHeadAsync());
        Assert.Contains("\"code\":\"payload-too-large\"", await client.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workbook_that_unpacks_to_more_than_it_may_is_refused_before_it_does()
    {
        await app.FillAsync();
        const string Sheet = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>gtin</t></is></c></row></sheetData></worksheet>""";
        const string Shared = """<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></sst>""";
        var sheetBomb = Listed.Workbook(Sheet.Replace("</worksheet>", new string(' ', 20 << 20) + "</worksheet>", StringComparison.Ordinal), Shared);
        var textBomb = Listed.Workbook(Sheet, Shared.Replace("</sst>", new string(' ', 2 << 20) + "</sst>", StringComparison.Ordinal));
        Assert.Equal("payload-too-large", (await (await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, sheetBomb)).ProblemAsync(413)).Text("code"));
        var shared = await (await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, textBomb)).ProblemAsync(413);
        Assert.Equal("payload-too-large", shared.Text("code"));
        Assert.Equal("xl/sharedStrings.xml in the workbook unpacks to more than the 1 MiB that are taken of it here.", shared.Text("detail"));
        Assert.Single(await (await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, Listed.Workbook(Sheet, Shared))).RowsAsync());

        // One that says that it is small.
        var liar = Listed.Workbook(Sheet.Replace("gtin", new string('x', 20 << 20), StringComparison.Ordinal), Shared);
        for (var i = 0; i < liar.Length - 46; i++)
        {
            if (BitConverter.ToUInt32(liar, i) == 0x02014b50 && BitConverter.ToUInt32(liar, i + 24) > 1 << 20)
            {
                BitConverter.TryWriteBytes(liar.AsSpan(i + 24), 1000);
            }
        }

        Assert.Equal("unreadable-body", (await (await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, liar)).ProblemAsync(400)).Text("code"));
    }

    [Theory]
    [InlineData("<row r='1'><c r='A1' t='inlineStr'><is><t>gtin</t></is></c><c r='ZZZZZZ1'><v>1</v></c></row>", "'ZZZZZZ1'")]
    [InlineData("<row r='1'><c r='A1' t='inlineStr'><is><t>gtin</t></is></c></row><row r='2'><c r='XFE2'><v>1</v></c></row>", "'XFE2'")]
    [InlineData("<row r='1'><c r='1A'><v>1</v></c></row>", "'1A'")]
    [InlineData("<row r='1'><c r='A1' t='inlineStr'><is><t>gtin</t></is></c></row><row r='1999999999'/>", "1999999999")]
    [InlineData("<row r='1'><c r='A1' t='inlineStr'><is><t>gtin</t></is></c></row><row r='1048576'/><row/>", "1048577")]
    [InlineData("<row r='0'/>", "number 0")]
    [InlineData("<row>{cells}{cells}</row>", "XFD")]
    [InlineData("<row r='1'>{cells}</row><row r='1'>{cells}</row>", "XFD")]
    [InlineData("<row r='1'><c {long}='1'/></row>", "damaged")]
    [InlineData("<row r='1'>{deep}</row>", "damaged")]
    [InlineData("<row r='1'>{names}</row>", "damaged")]
    [InlineData("</sheetData><sheetData>", "damaged")]
    public async Task What_no_spreadsheet_writes_is_refused_before_room_is_made_for_it(string rows, string told)
    {
        await app.FillAsync();
        rows = rows.Replace("{cells}", string.Concat(Enumerable.Repeat("<c/>", 10_000)), StringComparison.Ordinal)
            .Replace("{long}", new string('x', 70_000), StringComparison.Ordinal)
            .Replace("{deep}", string.Concat(Enumerable.Repeat("<c>", 100)) + string.Concat(Enumerable.Repeat("</c>", 100)), StringComparison.Ordinal)
            .Replace("{names}", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<x{i}/>")), StringComparison.Ordinal);
        var problem = await (await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, Sheet(rows))).ProblemAsync(400);
        Assert.Equal("unreadable-body", problem.Text("code"));
        Assert.Contains(told, problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sheet_may_reach_to_its_last_row_and_column()
    {
        await app.FillAsync();
        var rows = await (await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, Sheet("""
            <row r="1"><c r="A1" t="inlineStr"><is><t>gtin</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>1</v></c></row><row r="1048576"><c r="A1048576"/></row>
            """))).RowsAsync();
        Assert.Equal(2, rows.Count);
        Assert.Equal("invalid", rows.Cell(1, "reasons"));

        var wide = await (await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, Sheet("""
            <row r="1"><c r="A1" t="inlineStr"><is><t>gtin</t></is></c><c r="XFD1"><v>1</v></c></row>
            """))).ProblemAsync(400);
        Assert.Contains("16384", wide.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_of_a_sheet_that_is_too_long_is_its_own_problem_whether_its_texts_stand_in_it_or_are_shared()
    {
        await app.FillAsync();
        const int Long = 16 * 1024;
        var rows = """
            <row r="1"><c r="A1" t="inlineStr"><is><t>gtin</t></is></c><c r="B1" t="inlineStr"><is><t>remark</t></is></c></row>
            <row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>{long}</t></is></c></row>
            <row r="4"><c r="A4"><v>1</v></c><c r="B4" t="s"><v>0</v></c></row>
            <row r="5"><c r="A5" t="s"><v>1</v></c><c r="B5" t="s"><v>1</v></c></row>
            <row r="6"><c r="A6"><v>1</v></c><c r="B6" t="inlineStr"><is><t>{wide}</t></is></c></row>
            <row r="7"><c r="A7"><v>1</v></c><c r="B7" t="inlineStr"><is><t xml:space="preserve"> last&#13;&#10;𠀀</t></is></c></row>
            """.Replace("{long}", new string('x', Long), StringComparison.Ordinal).Replace("{wide}", new string('中', Long / 2), StringComparison.Ordinal);
        var shared = $"""<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{new string('x', Long)}</t></si><si><t>{new string('x', (Long / 2) + 1)}</t></si></sst>""";
        var answer = await (await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, Sheet(rows, shared))).RowsAsync();

        Assert.Equal(["payload-too-large", "invalid-selector", "payload-too-large", "payload-too-large", "payload-too-large", "invalid"], Enumerable.Range(1, 6).Select(row => answer.Cell(row, "reasons")));
        Assert.Equal(("", "1", " last\r\n𠀀"), (answer.Cell(1, "gtin"), answer.Cell(6, "gtin"), answer.Cell(6, "remark")));

        var header = await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, Sheet($"<row><c t='inlineStr'><is><t>gtin</t></is></c><c t='inlineStr'><is><t>{new string('x', Long)}</t></is></c></row>"));
        Assert.Equal("payload-too-large", (await header.ProblemAsync(413)).Text("code"));
    }

    [Fact]
    public async Task A_text_of_a_hundred_thousand_pieces_is_not_joined()
    {
        await app.FillAsync();
        var shared = $"""<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>{string.Concat(Enumerable.Repeat("<t>a</t>", 100_000))}</si></sst>""";
        var problem = await (await app.PostAsync("?recognisedBy=alpha", Listed.Sheet, Sheet("<row><c t='inlineStr'><is><t>gtin</t></is></c></row>", shared))).ProblemAsync(413);
        Assert.Equal("payload-too-large", problem.Text("code"));
    }

    private static byte[] Sheet(string rows, string shared = "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'/>") => Listed.Workbook(
        $"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><!-- a bid's rows --><sheetData>{rows}</sheetData></worksheet>", shared);

    private async Task AssertStillAnswersAsync() =>
        Assert.Equal("invalid", (await (await app.PostAsync("?recognisedBy=alpha", Listed.Lines, """{"gtin":"1"}""")).LinesAsync()).Single().GetProperty("problem").Text("code"));

    private static IEnumerable<string> OpenTemporaryFiles() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Select(link => new FileInfo(link).LinkTarget)
        .OfType<string>()
        .Where(file => file.Contains("registry-", StringComparison.Ordinal) && file.EndsWith("(deleted)", StringComparison.Ordinal) && !file.Contains("registry.db", StringComparison.Ordinal));

    private async Task<Duplex> DuplexAsync(string mediaType, string query, bool readsHead = true)
    {
        var client = new Duplex(app.Client.BaseAddress!, readsHead);
        await client.BeginAsync(mediaType, query);
        return client;
    }

    /// <summary>A client that sends and reads when the test says so, over a socket of its own.</summary>
    private sealed class Duplex(Uri address, bool readsHead) : IDisposable
    {
        private readonly TcpClient _tcp = new(address.Host, address.Port);
        private readonly List<byte> _line = [];
        private bool _hasHead;
        private int _left;
        private bool _isChunked;
        private NetworkStream? _out;
        private BufferedStream? _in;

        public Task BeginAsync(string mediaType, string query)
        {
            _out = _tcp.GetStream();
            _in = new BufferedStream(_out, 64 * 1024);
            return WriteAsync($"POST /v1/checks{query} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: {mediaType}\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        public Task SendAsync(string text) => text.Length == 0 ? Task.CompletedTask : WriteAsync($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

        public Task EndAsync() => WriteAsync("0\r\n\r\n");

        public async Task<HttpStatusCode> ReadHeadAsync()
        {
            _hasHead = true;
            var status = HttpStatusCode.OK;
            for (var line = await RawLineAsync(); line.Length > 0; line = await RawLineAsync())
            {
                if (line.StartsWith("HTTP/", StringComparison.Ordinal))
                {
                    status = (HttpStatusCode)int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
                }
                else if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                {
                    _left = int.Parse(line[15..], System.Globalization.CultureInfo.InvariantCulture);
                }

                _isChunked |= line.StartsWith("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
            }

            return status;
        }

        /// <summary>The next line of the answer's body; empty at its clean end.</summary>
        public async Task<string> ReadLineAsync()
        {
            if (!_hasHead)
            {
                var status = await ReadHeadAsync();
                Assert.True(!readsHead || status == HttpStatusCode.OK, status.ToString());
            }

            _line.Clear();
            while (true)
            {
                if (_left == 0 && !await NextChunkAsync())
                {
                    return Encoding.UTF8.GetString([.. _line]);
                }

                var letter = Letter();
                _left--;
                if (letter == '\n')
                {
                    return Encoding.UTF8.GetString([.. _line]).TrimEnd('\r');
                }

                _line.Add(letter);
            }
        }

        public void Dispose()
        {
            _in?.Dispose();
            _tcp.Dispose();
        }

        private async Task<bool> NextChunkAsync()
        {
            if (!_isChunked)
            {
                return false;
            }

            var size = await RawLineAsync();
            size = size.Length == 0 ? await RawLineAsync() : size; // the line break after the chunk before
            _left = int.Parse(size, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
            return _left > 0;
        }

        private async Task<string> RawLineAsync()
        {
            await Task.Yield();
            var line = new List<byte>();
            for (var letter = Letter(); letter != '\n'; letter = Letter())
            {
                line.Add(letter);
            }

            return Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
        }

        private byte Letter() => _in!.ReadByte() is >= 0 and var letter ? (byte)letter : throw new IOException("The connection ended.");

        private async Task WriteAsync(string text) => await _out!.WriteAsync(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A body with a long stretch in it that is never in memory.</summary>
    private sealed class Long(string before, int length, string after) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var stretch = new byte[1 << 16];
            stretch.AsSpan().Fill((byte)'x');
            await stream.WriteAsync(Encoding.UTF8.GetBytes(before));
            for (var sent = 0; sent < length; sent += stretch.Length)
            {
                await stream.WriteAsync(stretch);
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(after));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>The service in a process of its own, whose memory is its own.</summary>
public sealed class LongListTests
{
    private const int Rows = 230_000;
    private const long Heap = 256L << 20;

    [Fact]
    public async Task Memory_stays_flat_however_long_a_list_is()
    {
        var folder = Directory.CreateTempSubdirectory("registry-long-");
        using var service = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(Start).Assembly.Location, "--urls", "http://127.0.0.1:0", "--Registry:Database", $"Data Source={Path.Combine(folder.FullName, "r.db")}"])
        {
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_GCHeapHardLimit"] = Heap.ToString("x", System.Globalization.CultureInfo.InvariantCulture) },
        })!;
        try
        {
            string? address = null;
            while (await service.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Application started", StringComparison.Ordinal))
            {
                var at = line.IndexOf("http://127.0.0.1:", StringComparison.Ordinal);
                address = at >= 0 ? line[at..line.IndexOfAny(['"', ' '], at)] : address;
            }

            using var http = new HttpClient { BaseAddress = new Uri(address!), Timeout = TimeSpan.FromMinutes(10) };
            // What comes and what goes is each more than the heap may ever be: a list held anywhere would end the service.
            Assert.True(await SendAsync(http, Rows) > Heap);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<long> SendAsync(HttpClient http, int rows)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/checks?recognisedBy=cel") { Content = new Table(rows) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Listed.Csv);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 16];
        var (received, lines) = (0L, 0);
        for (var read = await body.ReadAsync(buffer); read > 0; read = await body.ReadAsync(buffer))
        {
            received += read;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        Assert.Equal(rows + 1, lines);
        return received;
    }

    private sealed class Table(int rows) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
            await writer.WriteAsync("gtin,remark\n");
            var remark = new string('x', 1200);
            for (var i = 0; i < rows; i++)
            {
                await writer.WriteAsync($"{(i % 50 == 0 ? "4006381333931" : "4006381333930")},{remark}\n");
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
