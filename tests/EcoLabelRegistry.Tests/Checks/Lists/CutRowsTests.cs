using System.Text;
using CsvHelper;
using EcoLabelRegistry.Checks.Lists;
using Microsoft.AspNetCore.Http;

namespace EcoLabelRegistry.Tests.Checks.Lists;

public sealed class CutRowsTests
{
    private const int Longest = 40;

    [Fact]
    public async Task Rows_are_cut_where_the_library_that_reads_them_sees_their_ends_however_the_text_comes_in()
    {
        var random = new Random(20261122);
        string[] letters = ["a", "b", "\"", "\"\"", ",", "\n", "\r\n", "\r", "中", " ", ",\""];
        var stray = 0;
        for (var round = 0; round < 3000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => letters[random.Next(letters.Length)]));
            var bytes = Encoding.UTF8.GetBytes(text);
            var (rows, tooLong, open) = await CutAsync(new Chopped(bytes, random), int.MaxValue, hasQuotes: true);
            var slowly = Expected(text);
            Assert.Equal((string.Join('|', slowly.Rows), slowly.Open), (string.Join('|', rows), open));
            Assert.Equal(0, tooLong);
            if (open > 0)
            {
                stray++;
                continue;
            }

            var expected = new List<string>();
            using (var reader = CsvReader.Create(bytes.AsMemory(), TableColumns.Options((byte)',')))
            {
                while (reader.Read())
                {
                    expected.Add(Encoding.UTF8.GetString(reader.RawRecord));
                }
            }

            Assert.True(expected.Count == rows.Count && expected.Zip(rows).All(r => r.Second == r.First || r.Second == r.First + Break(r.Second)), $"{Show([text])}\nlibrary: {Show(expected)}\ncut: {Show(rows)}");
        }

        Assert.InRange(stray, 300, 2700);
    }

    [Theory]
    [InlineData("ok\n{0}\nok\n", 1)]
    [InlineData("ok\n{0}\r\nok\r\n", 1)]
    [InlineData("ok\n{0}\rok", 1)]
    [InlineData("{0}\nok\n{0}\nok", 2)]
    [InlineData("ok\nok\n{0}", 1)]
    [InlineData("ok\n\"{0}\nok\n", 1)] // a quote that is never closed
    [InlineData("ok\n{0},\"x\ny\"\nok\n", 1, "y\"")] // what follows the line break of a row that was let go is a row
    public async Task A_row_that_is_too_long_is_let_go_and_the_next_one_is_read(string pattern, int tooLong, string? more = null)
    {
        var random = new Random(1);
        foreach (var length in new[] { Longest + 1, Longest * 10, 300_000 })
        {
            var text = pattern.Replace("{0}", new string('x', length), StringComparison.Ordinal);
            var (rows, found, _) = await CutAsync(new Chopped(Encoding.UTF8.GetBytes(text), random), Longest, hasQuotes: true);

            Assert.Equal(more is null ? ["ok", "ok"] : ["ok", more, "ok"], rows.Select(row => row[..^Break(row).Length]));
            Assert.Equal(tooLong, found);
        }
    }

    [Theory]
    [InlineData("1,ok\n2,\"open\n3,ok\n4,ok\n", "1,ok|2,\"open|3,ok|4,ok", 1)]
    [InlineData("1,ok\r\n2,\"open\r\n3,ok", "1,ok|2,\"open|3,ok", 1)]
    [InlineData("1,\"open\n2,\"open\n3,\"two\nlines\"\n4,\"open", "1,\"open|2,\"open|3,\"two\nlines\"|4,\"open", 3)]
    [InlineData("1,\"a\nb\",\"open\n2,ok", "1,\"a\nb\",\"open|2,ok", 1)]
    [InlineData("1,\"open\n\"2\",\"ok\"\n3,\"ok\"", "1,\"open|\"2\",\"ok\"|3,\"ok\"", 1)] // what would close it opens a cell of the next line
    [InlineData("1,\"two\nlines\" ,x\n2,ok", "1,\"two\nlines\" ,x|2,ok", 0)]
    [InlineData("1,\"open\n{0}\n3,ok", "1,\"open|{0}|3,ok", 1)] // it is not looked for without end
    [InlineData("1,\"open\n{0}\n3,\"ok\"", "1,\"open|{0}|3,\"ok\"", 1)] // the one that closes it stands too far away
    public async Task A_quote_that_is_not_closed_within_a_row_ends_its_row_at_its_line(string pattern, string expected, int open)
    {
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var filler = new string('x', Longest - 3);
            var text = pattern.Replace("{0}", filler, StringComparison.Ordinal);
            var (rows, tooLong, found) = await CutAsync(new Chopped(Encoding.UTF8.GetBytes(text), new Random(seed)), Longest, hasQuotes: true);

            Assert.Equal(expected.Replace("{0}", filler, StringComparison.Ordinal).Split('|'), rows.Select(row => row[..^Break(row).Length]));
            Assert.Equal((0, open), (tooLong, found));
        }
    }

    [Fact]
    public async Task Stray_quotes_without_end_cost_a_few_times_the_length_of_the_text()
    {
        // Each line opens a cell at its end, whether the one before is thought to be open or not.
        const int Lines = 300_000;
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a\"z,\"b\n", Lines)));
        var (rows, tooLong, open) = await CutAsync(new MemoryStream(text), 1 << 20, hasQuotes: true);

        Assert.Equal((Lines, 0, Lines), (rows.Count, tooLong, open));
    }

    [Fact]
    public async Task Lines_of_JSON_end_at_every_line_break()
    {
        var (rows, _, _) = await CutAsync(new Chopped("{\"a\":\"\n\"}\r\n{}"u8.ToArray(), new Random(1)), Longest, hasQuotes: false);
        Assert.Equal(["{\"a\":\"\n", "\"}\r\n", "{}"], rows);
    }

    [Fact]
    public void Encodings_are_told_apart_by_their_bytes()
    {
        const string Text = "编号,gtin\n1,4006381333931\n";
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, CodePagesEncodingProvider.Instance.GetEncoding("gb18030")! })
        {
            Assert.Equal(encoding.CodePage, ListBody.Guess(encoding.GetBytes(Text), isWhole: true).CodePage);
        }

        // A stray zero is no UTF-16, and UTF-16 may be of Chinese almost alone.
        Assert.Equal(Encoding.UTF8.CodePage, ListBody.Guess("gtin,remark\n4006381333931,a\0b\n"u8, isWhole: true).CodePage);
        Assert.Equal(Encoding.UTF8.CodePage, ListBody.Guess("gtin\n1\0"u8, isWhole: true).CodePage);
        Assert.Equal(Encoding.UTF8.CodePage, ListBody.Guess("gtin\n\0\0"u8, isWhole: true).CodePage);
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            Assert.Equal(encoding.CodePage, ListBody.Guess(encoding.GetBytes("品牌,型号\n理想科学工业,高速数码油印机一\n"), isWhole: true).CodePage);
        }

        // Cut in the middle of a letter.
        Assert.Equal(Encoding.UTF8.CodePage, ListBody.Guess(Encoding.UTF8.GetBytes("品牌").AsSpan(0, 5), isWhole: false).CodePage);
    }

    /// <summary>Letter by letter, the slow and obvious way.</summary>
    private static (List<string> Rows, int Open) Expected(string text)
    {
        var (rows, open) = (new List<string>(), 0);
        for (var start = 0; start < text.Length;)
        {
            var (end, isQuoted, firstBreak, isOpen) = (-1, false, -1, false);
            for (var i = start; i < text.Length && end < 0;)
            {
                var after = text[i..].StartsWith("\r\n", StringComparison.Ordinal) ? i + 2 : i + 1;
                var isBreak = text[i] is '\r' or '\n';
                if (isQuoted && text[i] == '"' && after < text.Length && text[after] == '"')
                {
                    after++;
                }
                else if (isQuoted && text[i] == '"')
                {
                    isQuoted = false;
                    isOpen = firstBreak >= 0 && after < text.Length && text[after] is not (',' or '\r' or '\n' or ' ');
                    end = isOpen ? firstBreak : -1;
                }
                else if (isQuoted && isBreak)
                {
                    firstBreak = firstBreak < 0 ? after : firstBreak;
                }
                else if (isBreak && !isQuoted)
                {
                    end = after;
                }
                else if (!isQuoted && text[i] == '"' && (i == start || text[i - 1] == ','))
                {
                    (isQuoted, firstBreak) = (true, -1);
                }

                i = after;
            }

            isOpen |= end < 0 && isQuoted;
            end = end >= 0 ? end : isQuoted && firstBreak >= 0 ? firstBreak : text.Length;
            rows.Add(isOpen ? text[start..end].TrimEnd('\r', '\n') : text[start..end]);
            (start, open) = (end, open + (isOpen ? 1 : 0));
        }

        return (rows, open);
    }

    private static async Task<(List<string> Rows, int TooLong, int Open)> CutAsync(Stream text, int longest, bool hasQuotes)
    {
        var http = new DefaultHttpContext { Request = { Body = text } };
        var rows = new List<string>();
        var (tooLong, open) = (0, 0);
        var cut = new CutRows(new ListBody(http, null, TimeSpan.FromMinutes(1)), longest, hasQuotes) { Separator = (byte)',' };
        await foreach (var batch in cut.AllAsync(CancellationToken.None))
        {
            var start = 0;
            foreach (var end in batch.Ends)
            {
                var row = Encoding.UTF8.GetString(batch.Bytes.Span[start..end]);
                rows.Add(row);
                start = end;
            }

            tooLong += batch.EndsInTooLong ? 1 : 0;
            open += batch.EndsInOpenQuote ? 1 : 0;
            batch.Dispose();
        }

        return (rows, tooLong, open);
    }

    private static string Break(string row) => row.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : row.EndsWith('\n') ? "\n" : row.EndsWith('\r') ? "\r" : "";

    private static string Show(IEnumerable<string> rows) =>
        string.Join(" | ", rows).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Chopped(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        private readonly int _most = Math.Max(3, bytes.Length / 10);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, _most))], cancellationToken);
    }
}
