using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace EcoLabelRegistry.Tests.Checks.Lists;

/// <summary>Sends lists of questions, and looks into what comes back.</summary>
public static class Listed
{
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";
    public const string Csv = "text/csv";
    public const string Sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const string Xml = "application/xml";

    /// <summary>Sends a list.</summary>
    public static Task<HttpResponseMessage> PostAsync(this RegistryApp app, string query, string mediaType, string body, string language = "en") =>
        app.PostAsync(query, mediaType, Encoding.UTF8.GetBytes(body), language);

    /// <summary>Sends a list.</summary>
    public static async Task<HttpResponseMessage> PostAsync(this RegistryApp app, string query, string? mediaType, byte[] body, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/checks" + query);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = mediaType is null ? null : MediaTypeHeaderValue.Parse(mediaType);
        request.Headers.AcceptLanguage.ParseAdd(language);
        return await app.Client.SendAsync(request);
    }

    /// <summary>The results of a list of JSON.</summary>
    public static async Task<List<JsonElement>> ResultsAsync(this HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return [.. JsonDocument.Parse(body).RootElement.GetProperty("results").EnumerateArray()];
    }

    /// <summary>The results of lines of JSON.</summary>
    public static async Task<List<JsonElement>> LinesAsync(this HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>The rows of a table, the header first.</summary>
    public static async Task<List<List<string>>> RowsAsync(this HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(bytes));
        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.True(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble));
        return Parse(Encoding.UTF8.GetString(bytes.AsSpan(3)));
    }

    /// <summary>The problem of a request that was refused.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>A cell of a row by the name of its column.</summary>
    public static string Cell(this List<List<string>> rows, int row, string column)
    {
        var place = rows[0].IndexOf(column);
        Assert.True(place >= 0, string.Join(',', rows[0]));
        return rows[row][place];
    }

    /// <summary>A workbook of one sheet; the texts of its first row are shared ones, the others stand in their cells.</summary>
    public static byte[] Workbook(params string[][] rows)
    {
        var sheet = new StringBuilder("""<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>""");
        foreach (var (r, row) in rows.Index())
        {
            sheet.Append(CultureInfo.InvariantCulture, $"""<row r="{r + 1}">""");
            foreach (var (c, text) in row.Index().Where(cell => cell.Item.Length > 0))
            {
                var place = $"{(char)('A' + c)}{r + 1}";
                sheet.Append(r == 0 ? $"""<c r="{place}" t="s"><v>{c}</v></c>"""
                    : text.StartsWith('#') ? $"""<c r="{place}"><v>{text[1..]}</v></c>"""
                    : $"""<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{System.Security.SecurityElement.Escape(text)}</t></is></c>""");
            }

            sheet.Append("</row>");
        }

        sheet.Append("</sheetData></worksheet>");
        var shared = string.Concat(rows[0].Select(text => $"<si><t>{System.Security.SecurityElement.Escape(text)}</t></si>"));
        return Workbook(sheet.ToString(), $"""<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{shared}</sst>""");
    }

    /// <summary>A workbook of these two parts.</summary>
    public static byte[] Workbook(string sheet, string shared)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("[Content_Types].xml", """
                <?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>
                """);
            Add("_rels/.rels", """
                <?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>
                """);
            Add("xl/workbook.xml", """
                <?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Bid" sheetId="1" r:id="rId1"/></sheets></workbook>
                """);
            Add("xl/_rels/workbook.xml.rels", """
                <?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>
                """);
            Add("xl/sharedStrings.xml", shared);
            Add("xl/worksheets/sheet1.xml", sheet);

            void Add(string name, string text)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text.Trim());
            }
        }

        return bytes.ToArray();
    }

    /// <summary>CSV by RFC 4180, the slow and obvious way.</summary>
    public static List<List<string>> Parse(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (isQuoted)
            {
                if (letter != '"')
                {
                    cell.Append(letter);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append(text[i++]);
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (letter == '"')
            {
                isQuoted = true;
            }
            else if (letter is ',' or '\r')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (letter == '\r')
                {
                    Assert.Equal('\n', text[++i]);
                    rows.Add(row);
                    row = [];
                }
            }
            else
            {
                cell.Append(letter);
            }
        }

        Assert.Empty(row);
        return rows;
    }
}
