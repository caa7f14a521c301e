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
        for (var round = 0; round < 3000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => letters[random.Next(letters.Length)]));
            var bytes = Encoding.UTF8.GetBytes(text);
            var expected = new List<string>();
            using (var reader = CsvReader.Create(bytes.AsMemory(), TableColumns.Options((byte)',')))
            {
                while (reader.Read())
                {
                    expected.Add(Encoding.UTF8.GetString(reader.RawRecord));
                }
            }

            var (rows, tooLong) = await CutAsync(new Chopped(bytes, random), int.MaxValue, hasQuotes: true);
            Assert.True(expected.Count == rows.Count && expected.Zip(rows).All(r => r.Second == r.First || r.Second == r.First + Break(r.Second)), $"{Show([text])}\nlibrary: {Show(expected)}\ncut: {Show(rows)}");
            Assert.Equal(0, tooLong);
        }
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
            var (rows, found) = await CutAsync(new Chopped(Encoding.UTF8.GetBytes(text), random), Longest, hasQuotes: true);

            Assert.Equal(more is null ? ["ok", "ok"] : ["ok", more, "ok"], rows.Select(row => row[..^Break(row).Length]));
            Assert.Equal(tooLong, found);
        }
    }

    [Fact]
    public async Task Lines_of_JSON_end_at_every_line_break()
    {
        var (rows, _) = await CutAsync(new Chopped("{\"a\":\"\n\"}\r\n{}"u8.ToArray(), new Random(1)), Longest, hasQuotes: false);
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

        // Cut in the middle of a letter.
        Assert.Equal(Encoding.UTF8.CodePage, ListBody.Guess(Encoding.UTF8.GetBytes("品牌").AsSpan(0, 5), isWhole: false).CodePage);
    }

    private static async Task<(List<string> Rows, int TooLong)> CutAsync(Stream text, int longest, bool hasQuotes)
    {
        var http = new DefaultHttpContext { Request = { Body = text } };
        var rows = new List<string>();
        var tooLong = 0;
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
            batch.Dispose();
        }

        return (rows, tooLong);
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
