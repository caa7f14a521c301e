using System.Globalization;
using System.Text;
using System.Text.Json;
using EcoLabelRegistry.Tests.Checks.Lists;

namespace EcoLabelRegistry.Tests.Checks;

[Collection(SqliteReference.Name)]
public sealed class SqliteCheckMany(SqliteRegistry app) : CheckManyTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlCheckMany(PostgreSqlRegistry app) : CheckManyTests(app);

public abstract class CheckManyTests(RegistryApp app)
{
    private const string Then = "?recognisedBy=cel&asOf=2019-11-01";

    private const string SmallCatalogue = """
        <Catalogue xmlns="urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
          <cac:CatalogueLine><cbc:ID>1, a</cbc:ID><cac:Item>
            <cac:Certificate><cbc:ID>17 133 003</cbc:ID><cbc:CertificateTypeCode>eco-mark</cbc:CertificateTypeCode></cac:Certificate></cac:Item></cac:CatalogueLine>
          <cac:CatalogueLine><cbc:ID>2</cbc:ID><cac:Item><cac:CommodityClassification><cbc:ItemClassificationCode listID="TSP">30121430</cbc:ItemClassificationCode></cac:CommodityClassification></cac:Item></cac:CatalogueLine>
          <cac:CatalogueLine><cbc:ID>3</cbc:ID><cac:Item><cbc:Name>Pencil</cbc:Name></cac:Item></cac:CatalogueLine>
        </Catalogue>
        """;

    [Fact]
    public async Task A_list_of_JSON_is_answered_in_its_order_with_its_ids_at_one_revision()
    {
        var response = await app.PostAsync("", Listed.Json, """
            { "defaults": { "recognisedBy": "cel", "asOf": "2019-11-01" },
              "items": [
                { "id": "b", "scheme": "eco-mark", "certificate": "17133003" },
                { "id": "a", "scheme": "eco-mark", "certificate": "17133003", "asOf": "2004-06-30" },
                { "brand": "RISOGRAPH", "model": "MF935" } ] }
            """);
        var results = await response.ResultsAsync();

        Assert.Equal(["b", "a", null], results.Texts("id"));
        Assert.Equal(["conditional", "not-certified", "conditional"], results.Texts("outcome"));
        Assert.Single(results.Select(r => r.GetProperty("revision").GetInt64()).Append(Revision(response)).Distinct());
    }

    [Fact]
    public async Task One_bad_item_never_fails_the_rest()
    {
        var results = await (await app.PostAsync("?recognisedBy=cel", Listed.Json, """
            { "items": [
                { "id": "1", "recognisedBy": "cle", "gtin": "4006381333931" },
                { "id": "2", "gtin": "4006381333930" },
                { "id": "3", "gtn": "4006381333931" },
                { "id": "4", "asOf": "2026-02-30", "gtin": "4006381333931" },
                { "id": "5", "gtin": 4006381333931 },
                null, "six", [],
                { "id": "9", "brand": "RISOGRAPH" },
                { "id": "10", "category": "it.imagin", "gtin": "4006381333931" },
                { "id": "11", "scheme": "eco-mrak", "certificate": "1" },
                { "id": "12", "territory": "Utopia", "gtin": "4006381333931" },
                { "id": "13", "certificate": "1" },
                { "id": "14" },
                { "id": "15", "brand": "\u0001", "model": "x" },
                { "id": 16, "gtin": "4006381333931" },
                { "id": "17", "gtin": "4006381333931" } ] }
            """)).ResultsAsync();

        string?[] ids = ["1", "2", "3", "4", "5", null, null, null, "9", "10", "11", "12", "13", "14", "15", null, "17"];
        Assert.Equal(ids, results.Texts("id"));
        string?[] problems = ["unknown-recogniser", "invalid", "unknown-member", "invalid", "invalid", "invalid", "invalid", "invalid", "invalid-selector", "unknown-category",
            "unknown-scheme", "invalid", "invalid-selector", "invalid-selector", "invalid", "invalid"];
        Assert.Equal(problems, results.SkipLast(1).Select(r => r.GetProperty("problem").Text("code")));
        Assert.Equal("cel", results[0].GetProperty("problem").GetProperty("suggestions")[0].GetString());
        Assert.Equal(["gtin"], results[1].GetProperty("problem").GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Equal("unknown", results[^1].Text("answer"));
    }

    [Theory]
    [InlineData("", 400, "unreadable-body", null)]
    [InlineData("{", 400, "unreadable-body", null)]
    [InlineData("[]", 400, "invalid", "$")]
    [InlineData("{}", 400, "invalid", "items")]
    [InlineData("""{ "items": {} }""", 400, "invalid", "items")]
    [InlineData("""{ "items": [], "itmes": [] }""", 400, "unknown-member", "itmes")]
    [InlineData("""{ "items": [], "items": [] }""", 400, "repeated-member", "items")]
    [InlineData("""{ "items": [], "defaults": { "recognizedBy": "cel" } }""", 400, "unknown-member", "defaults.recognizedBy")]
    [InlineData("""{ "items": [], "defaults": { "asOf": "tomorrow" } }""", 400, "invalid", "defaults.asOf")]
    [InlineData("""{ "items": [], "defaults": { "territory": "Utopia" } }""", 400, "invalid", "defaults.territory")]
    [InlineData("""{ "items": [], "defaults": { "recognisedBy": "cle" } }""", 422, "unknown-recogniser", "recognisedBy")]
    [InlineData("""{ "items": [], "defaults": { "knownAt": "999999" } }""", 422, "not-yet-known", "knownAt")]
    public async Task What_is_wrong_with_a_list_as_a_whole_is_refused(string body, int status, string code, string? member)
    {
        var problem = await (await app.PostAsync("", Listed.Json, body)).ProblemAsync(status);

        Assert.Equal(code, problem.Text("code"));
        if (member is not null)
        {
            Assert.Contains(member, problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        }
    }

    [Fact]
    public async Task A_list_of_JSON_has_at_most_ten_thousand_items_and_may_have_none()
    {
        var items = string.Join(',', Enumerable.Repeat("""{"gtin":"1"}""", 10_001));
        var problem = await (await app.PostAsync("?recognisedBy=cel", Listed.Json, $$"""{"items":[{{items}}]}""")).ProblemAsync(400);
        Assert.Contains("10000", problem.GetProperty("errors").GetProperty("items")[0].GetString(), StringComparison.Ordinal);

        Assert.Equal(10_000, (await (await app.PostAsync("?recognisedBy=cel", Listed.Json, $$"""{"items":[{{items[13..]}}]}""")).ResultsAsync()).Count);
        Assert.Empty(await (await app.PostAsync("?recognisedBy=cel", Listed.Json, """{"items":[]}""")).ResultsAsync());
    }

    [Theory]
    [InlineData("text/plain", "", "", 415, "unsupported-media-type")]
    [InlineData(null, "", "", 415, "unsupported-media-type")]
    [InlineData("text/csv; charset=klingon", "", "gtin\n1", 415, "unsupported-media-type")]
    [InlineData("text/csv; charset=utf-7", "?recognisedBy=cel", "gtin\n1", 415, "unsupported-media-type")]
    [InlineData("application/json; charset=utf-7", "?recognisedBy=cel", "{}", 415, "unsupported-media-type")]
    [InlineData("application/xml; charset=utf-7", "?recognisedBy=cel", "<a/>", 415, "unsupported-media-type")]
    [InlineData("application/x-ndjson; charset=utf-7", "?recognisedBy=cel", "{}", 415, "unsupported-media-type")]
    [InlineData("text/csv", "?recognisedBy=cel", "gtin,\"remark\n4006381333931,x\n", 400, "unreadable-body")]
    [InlineData("application/x-ndjson; charset=utf-16", "", "{}", 415, "unsupported-media-type")]
    [InlineData("text/csv", "?recognizedBy=cel", "gtin\n1", 400, "unknown-parameter")]
    [InlineData("text/csv", "?recognisedBy=cle", "gtin\n1", 422, "unknown-recogniser")]
    [InlineData("text/csv", "?recognisedBy=cel&category=it.imagin", "gtin\n1", 422, "unknown-category")]
    [InlineData("text/csv", "?recognisedBy=cel&scheme=eco-mrak", "certificate\n1", 422, "unknown-scheme")]
    [InlineData("text/csv", "?recognisedBy=cel&territory=Utopia", "gtin\n1", 400, "invalid")]
    [InlineData("text/csv", "?recognisedBy=cel&knownAt=999999", "gtin\n1", 422, "not-yet-known")]
    [InlineData("text/csv", "", "gtin\n1", 400, "invalid")]
    [InlineData("text/csv", "?recognisedBy=cel", "", 400, "unreadable-body")]
    [InlineData("text/csv", "?recognisedBy=cel", "\r\n\r\n", 400, "unreadable-body")]
    [InlineData("text/csv", "?recognisedBy=cel", "name,price\npaper,3", 400, "invalid")]
    [InlineData("text/csv", "?recognisedBy=cel", "brand\nRISOGRAPH", 400, "invalid")]
    [InlineData("text/csv", "?recognisedBy=cel", "certificate\n17133003", 400, "invalid")]
    [InlineData("application/x-ndjson", "?recognisedBy=cel", "", 400, "unreadable-body")]
    [InlineData("application/xml", "?recognisedBy=cel", "<Catalogue", 400, "unreadable-body")]
    [InlineData("application/xml", "?recognisedBy=cel", "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", 400, "unreadable-body")]
    [InlineData("application/xml", "?recognisedBy=cel", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 400, "unreadable-body")]
    [InlineData("application/xml", "", "<Catalogue xmlns='urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2'/>", 400, "invalid")]
    [InlineData("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "?recognisedBy=cel", "PK no workbook", 400, "unreadable-body")]
    [InlineData("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "?recognisedBy=cel", "", 400, "unreadable-body")]
    public async Task What_no_row_can_be_asked_of_is_refused_as_a_whole(string? mediaType, string query, string body, int status, string code)
    {
        foreach (var language in new[] { "en", "zh-Hans" })
        {
            var problem = await (await app.PostAsync(query, mediaType, Encoding.UTF8.GetBytes(body), language)).ProblemAsync(status);
            Assert.Equal(code, problem.Text("code"));
            Assert.Equal(language == "en", problem.Text("detail")!.All(letter => letter < 0x4E00));
        }
    }

    [Fact]
    public async Task An_answer_in_another_form_than_there_is_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/checks?recognisedBy=cel") { Content = new StringContent("gtin\n1", null, "text/csv") };
        request.Headers.Accept.ParseAdd("application/pdf");
        Assert.Equal("not-acceptable", (await (await app.Client.SendAsync(request)).ProblemAsync(406)).Text("code"));
    }

    [Fact]
    public async Task Lines_of_JSON_are_answered_line_by_line_and_a_broken_one_is_its_own_problem()
    {
        var response = await app.PostAsync(Then, Listed.Lines, """
            {"id":"1","scheme":"eco-mark","certificate":"17133003"}

            {"id":"2","scheme":"eco-mark",
            {"id":"3","brand":"RISOGRAPH","model":"MF935"}
            """);
        var results = await response.LinesAsync();

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(["1", null, "3"], results.Texts("id"));
        Assert.Equal("unreadable-body", results[1].GetProperty("problem").Text("code"));
        Assert.Equal("conditional", results[2].Text("outcome"));
    }

    [Fact]
    public async Task The_messages_of_a_list_are_in_the_language_asked_for()
    {
        const string Body = """{"items":[{"scheme":"eco-mark","certificate":"17133003"},{"gtin":"1"}]}""";
        var results = await (await app.PostAsync(Then, Listed.Json, Body, "zh-Hans")).ResultsAsync();

        Assert.Contains(results[0].GetProperty("warnings").EnumerateArray().Select(w => w.Text("message")!), m => m.Any(letter => letter >= 0x4E00));
        Assert.Contains(results[1].GetProperty("problem").Text("detail")!, letter => letter >= 0x4E00);
    }

    [Theory]
    [InlineData("scheme,certificate,brand,model", ',')]
    [InlineData("Label;Certificate No.;Brand;Model", ';')]
    [InlineData("ECO-LABEL\tcert_no\tBRAND\tmodel", '\t')]
    [InlineData("认证标志,证书编号,品牌,规格型号", ',')]
    [InlineData("标志,证书号,品牌,型号", ',')]
    [InlineData("ｌａｂｅｌ,Licence (no),品牌,型号", ',')]
    public async Task Columns_are_known_by_their_names_as_people_write_them(string header, char separator)
    {
        var row = string.Join(separator, "eco-mark", "17 133 003", "RISOGRAPH", "MF935");
        var rows = await (await app.PostAsync(Then, Listed.Csv, $"{header}\n{row}\n")).RowsAsync();

        Assert.Equal(header.Split(separator).Concat(
            ["answer", "outcome", "certificate_scheme", "certificate_number", "agreement", "level", "conditions", "holds_until", "reasons", "warnings"]), rows[0]);
        Assert.Equal(["eco-mark", "17 133 003", "RISOGRAPH", "MF935"], rows[1][..4]);
        Assert.Equal("partly", rows.Cell(1, "answer"));
        Assert.Equal("conditional", rows.Cell(1, "outcome"));
        Assert.Equal("eco-mark", rows.Cell(1, "certificate_scheme"));
        Assert.Equal("17 133 003", rows.Cell(1, "certificate_number"));
        Assert.Equal("cel-ecomark-2005", rows.Cell(1, "agreement"));
        Assert.Equal("common-criteria", rows.Cell(1, "level"));
        Assert.Contains("document-required", rows.Cell(1, "conditions"), StringComparison.Ordinal);
        Assert.Contains("label-still-required", rows.Cell(1, "warnings"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hersteller;Typ;Zeichen;Nummer", "brand,model,scheme,certificate", "conditional")]
    [InlineData("品牌;型号;GTIN;证书", ",,scheme,certificate", "conditional")]
    [InlineData("gtin;ean;Zeichen;Nummer", "brand,model", "conditional")]
    [InlineData("brand;model;scheme;certificate", "model,brand,,", "unknown")]
    [InlineData("brand;model;scheme;certificate", ",,,,", null)]
    public async Task A_caller_says_what_the_columns_are_whatever_the_header_calls_them(string header, string columns, string? outcome)
    {
        var body = header + "\nRISOGRAPH;MF935;eco-mark;17 133 003\n";
        var response = await app.PostAsync($"{Then}&columns={Uri.EscapeDataString(columns)}", Listed.Csv, body);
        if (outcome is null)
        {
            Assert.Equal(["columns"], (await response.ProblemAsync(400)).GetProperty("errors").EnumerateObject().Select(e => e.Name)); // five for a header of four
            return;
        }

        var rows = await response.RowsAsync();
        Assert.Equal(header.Split(';'), rows[0][..4]);
        Assert.Equal(["RISOGRAPH", "MF935", "eco-mark", "17 133 003"], rows[1][..4]);
        Assert.Equal(outcome, rows.Cell(1, "outcome"));

        var book = Listed.Workbook(header.Split(';'), ["RISOGRAPH", "MF935", "eco-mark", "17 133 003"]);
        var sheet = await (await app.PostAsync($"{Then}&columns={Uri.EscapeDataString(columns)}", Listed.Sheet, book)).RowsAsync();
        Assert.Equal(rows[1], sheet[1]);
    }

    [Theory]
    [InlineData(Listed.Csv, "gtin,brnad", "brnad")]
    [InlineData(Listed.Csv, "quantity", "gtin")]
    [InlineData(Listed.Lines, "gtin", Listed.Csv)]
    [InlineData(Listed.Json, "gtin", Listed.Csv)]
    public async Task Columns_that_cannot_be_are_refused(string mediaType, string columns, string told)
    {
        var problem = await (await app.PostAsync($"{Then}&columns={columns}", mediaType, mediaType == Listed.Csv ? "a,b\n1,2\n" : "{}")).ProblemAsync(400);
        Assert.Contains(told, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_of_a_document_come_back_as_a_table_where_that_is_asked_for()
    {
        var rows = await AsCsvAsync(Listed.Xml, SmallCatalogue);
        Assert.Equal("id,scheme,certificate,category,answer,outcome,certificate_scheme,certificate_number,agreement,level,conditions,holds_until,reasons,warnings,accepted", string.Join(',', rows[0]));
        Assert.All(rows, row => Assert.Equal(15, row.Count));
        Assert.Equal(["1, a", "eco-mark", "17 133 003", "", "partly", "conditional"], rows[1][..6]);
        Assert.Equal(["2", "", "", "cpv:30121430", "", ""], rows[2][..6]);
        Assert.Equal("", rows.Cell(2, "reasons"));
        Assert.Contains("eco-mark", rows.Cell(2, "accepted"), StringComparison.Ordinal);
        Assert.Equal(("", "invalid-selector", ""), (rows.Cell(3, "answer"), rows.Cell(3, "reasons"), rows.Cell(3, "accepted")));

        var release = await AsCsvAsync(Listed.Json, """{ "ocid": "o", "tender": { "items": [{ "id": "1", "attributes": [{ "name": "brand", "value": "RISOGRAPH" }, { "name": "model", "value": "MF935" }] }] } }""");
        Assert.Equal(["o/tender/1", "RISOGRAPH", "MF935", "partly"], release[1][..4]);

        var items = await AsCsvAsync(Listed.Json, """{ "items": [{ "id": "=1", "brand": "RISOGRAPH", "model": "MF935", "asOf": "2004-06-30" }, { "id": "b", "gtn": "1" }] }""");
        Assert.Equal("id,brand,model,asOf", string.Join(',', items[0][..4]));
        Assert.Equal(["=1", "RISOGRAPH", "MF935", "2004-06-30", "no"], items[1][..5]);
        Assert.Equal(("b", "unknown-member"), (items[2][0], items.Cell(2, "reasons")));

        async Task<List<List<string>>> AsCsvAsync(string mediaType, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/checks" + Then);
            request.Content = new StringContent(body, null, mediaType);
            request.Headers.Accept.ParseAdd(Listed.Csv);
            return await (await app.Client.SendAsync(request)).RowsAsync();
        }
    }

    [Theory]
    [InlineData("utf-8", true, false)]
    [InlineData("utf-8", false, false)]
    [InlineData("utf-8", false, true)]
    [InlineData("utf-16", true, false)]
    [InlineData("utf-16BE", true, false)]
    [InlineData("utf-16", false, false)]
    [InlineData("utf-16BE", false, false)]
    [InlineData("utf-16BE", false, true)]
    [InlineData("gb18030", true, false)]
    [InlineData("gb18030", false, false)]
    [InlineData("gb18030", false, true)]
    [InlineData("big5", false, true)]
    [InlineData("shift_jis", false, true)]
    public async Task Every_encoding_is_told_by_its_mark_or_its_name_or_its_text(string encoding, bool hasMark, bool isNamed)
    {
        var given = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        var text = encoding == "shift_jis" ? "scheme,certificate,brand,備考\neco-mark,17133003,理想科学工業,東京\n" : "scheme,certificate,品牌,備註\neco-mark,17133003,理想科學,東京\n";
        var mark = hasMark ? given.GetBytes("\uFEFF") : [];
        var response = await app.PostAsync(Then, isNamed ? $"text/csv; charset=\"{encoding}\"" : Listed.Csv, [.. mark, .. given.GetBytes(text)]);
        var rows = await response.RowsAsync();

        Assert.Equal(text.Split('\n')[0].Split(','), rows[0][..4]);
        Assert.Equal(text.Split('\n')[1].Split(','), rows[1][..4]);
        Assert.Equal("conditional", rows.Cell(1, "outcome"));
    }

    [Fact]
    public async Task A_text_in_none_of_the_encodings_that_are_told_apart_is_asked_for_its_name()
    {
        var latin = Encoding.Latin1.GetBytes("gtin,remark\n4006381333931,papier à lettres,é,\n");
        Assert.Equal("unreadable-body", (await (await app.PostAsync("?recognisedBy=cel", Listed.Csv, latin)).ProblemAsync(400)).Text("code"));

        var rows = await (await app.PostAsync("?recognisedBy=cel", "text/csv; charset=iso-8859-1", latin)).RowsAsync();
        Assert.StartsWith("papier à lettres", rows[1][1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_the_problem_of_their_row()
    {
        // Beyond what is looked at, so that the text is taken for UTF-8.
        var filler = string.Concat(Enumerable.Repeat("4006381333931,paper\n", 4000));
        byte[] body = [.. Encoding.UTF8.GetBytes("gtin,remark\n" + filler), .. "4006381333931,caf"u8, 0xE9, .. "\n4006381333931,last\n"u8];
        var rows = await (await app.PostAsync("?recognisedBy=cel", Listed.Csv, body)).RowsAsync();

        Assert.Equal(4003, rows.Count);
        Assert.Equal(("caf\uFFFD", "", "unreadable-body"), (rows[4001][1], rows.Cell(4001, "answer"), rows.Cell(4001, "reasons")));
        Assert.Equal(("last", "unknown"), (rows[4002][1], rows.Cell(4002, "answer")));
    }

    [Theory]
    [InlineData("gb18030")]
    [InlineData("gb2312")]
    [InlineData("gbk")]
    [InlineData("big5")]
    [InlineData("shift_jis")]
    [InlineData("us-ascii")]
    [InlineData(null)]
    public async Task Bytes_that_are_no_text_in_the_encoding_of_a_list_are_never_changed_into_text(string? charset)
    {
        // Without a name it is found to be GB18030 by what comes first.
        var filler = charset is null ? CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes(string.Concat(Enumerable.Repeat("1,理想科学工业\n", 6000))) : [];
        byte[] body = [.. "brand,model\n"u8, .. filler, .. "RISOGRAPH,MF9"u8, 0xFF, .. "35\nRISOGRAPH,MF935\n"u8];
        var rows = await (await app.PostAsync(Then, charset is null ? Listed.Csv : $"text/csv; charset={charset}", body)).RowsAsync();

        Assert.Matches("^MF9[\uFFFD\uF8F0-\uF8F8]35$", rows[^2][1]); // a byte that two code pages keep for themselves comes back as their own
        Assert.Equal(("", "unreadable-body"), (rows.Cell(rows.Count - 2, "answer"), rows.Cell(rows.Count - 2, "reasons")));
        Assert.Equal("conditional", rows.Cell(rows.Count - 1, "outcome"));
    }

    [Theory]
    [InlineData("gb2312")]
    [InlineData("gbk")]
    public async Task The_older_names_of_Chinese_encodings_mean_what_they_have_grown_into(string charset)
    {
        var body = CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes("brand,model,remark\nRISOGRAPH,MF935,㐀𠀀é\n");
        Assert.Equal("㐀𠀀é", (await (await app.PostAsync(Then, $"text/csv; charset={charset}", body)).RowsAsync())[1][2]);
    }

    [Theory]
    [InlineData(Listed.Json, """{ "items": [{ "brand": "RISOGRAPH", "model": "MF9?35" }] }""")]
    [InlineData(Listed.Xml, "<Catalogue xmlns='urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2'>?</Catalogue>")]
    public async Task A_document_with_bytes_that_are_no_text_in_its_encoding_is_refused(string mediaType, string body)
    {
        var bytes = Encoding.ASCII.GetBytes(body);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        var problem = await (await app.PostAsync(Then, mediaType + "; charset=us-ascii", bytes)).ProblemAsync(400);
        Assert.Equal("unreadable-body", problem.Text("code"));
        Assert.Contains("us-ascii", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stray_zero_is_the_problem_of_its_row()
    {
        var rows = await (await app.PostAsync(Then, Listed.Csv, "brand,model,remark\nRISOGRAPH,MF9\u000035,中\nRISOGRAPH,MF935,文\n")).RowsAsync();
        Assert.Equal(["invalid", "conditional"], [rows.Cell(1, "reasons"), rows.Cell(2, "outcome")]);
        Assert.Equal("文", rows[2][2]);
    }

    [Fact]
    public async Task A_quotation_mark_that_is_never_closed_costs_its_own_row()
    {
        const int Rows = 1000;
        var list = string.Concat(Enumerable.Range(1, Rows).Select(i => i == 4 ? "RISOGRAPH,MF935,\"4 inch\r\n" : $"RISOGRAPH,MF935,{i}\r\n"));
        var rows = await (await app.PostAsync(Then, Listed.Csv, "brand,model,remark\r\n" + list)).RowsAsync();

        Assert.Equal(Rows + 1, rows.Count);
        Assert.Equal(["RISOGRAPH", "MF935", "4 inch", ""], rows[4][..4]);
        Assert.Equal("unreadable-body", rows.Cell(4, "reasons"));
        Assert.All(Enumerable.Range(1, Rows).Where(i => i != 4), i => Assert.Equal(("conditional", $"{i}"), (rows.Cell(i, "outcome"), rows[i][2])));
    }

    [Theory]
    [InlineData("gtin=123&category=nope", "invalid")]
    [InlineData("gtin=123&territory=Utopia&category=nope", "invalid")]
    [InlineData("brand=RISOGRAPH&category=nope", "invalid-selector")]
    [InlineData("scheme=eco-mark&certificate=17133003&category=nope", "unknown-category")]
    public async Task What_is_wrong_with_a_row_is_said_in_the_order_of_the_single_check(string asked, string code)
    {
        var parts = asked.Split('&').Select(part => part.Split('=')).ToList();
        var rows = await (await app.PostAsync(Then, Listed.Csv, $"{string.Join(',', parts.Select(p => p[0]).Append("gtin"))}\n{string.Join(',', parts.Select(p => p[1]).Append(""))}\n")).RowsAsync();
        var line = (await (await app.PostAsync(Then, Listed.Lines, $"{{{string.Join(',', parts.Select(p => $"\"{p[0]}\":\"{p[1]}\""))}}}")).LinesAsync()).Single().GetProperty("problem");
        var single = await app.GetAsync("/v1/check" + Then + "&" + asked);

        Assert.Equal((code, code, code), (single.Text("code"), line.Text("code"), rows.Cell(1, "reasons")));
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    public async Task The_text_of_every_cell_comes_back_as_it_was(char separator)
    {
        string[] cells = ["=1+1", "-5", "@x", " spaces ", "a,b", "a;b", "quote\"quote", "two\nlines", "two\r\nlines", "\"", "", "中文", "'=x", "3,5", "ends\n"];
        var header = string.Join(separator, cells.Select((_, i) => $"c{i}").Prepend("gtin"));
        var row = string.Join(separator, cells.Select(c => $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"").Prepend("4006381333931"));
        var plain = string.Join(separator, cells.Select(_ => "plain").Prepend("4006381333931"));
        var rows = await (await app.PostAsync("?recognisedBy=cel", Listed.Csv, $"{header}\r\n{row}\r\n{plain}\n{row}")).RowsAsync();

        Assert.Equal(4, rows.Count);
        Assert.Equal(cells, rows[1][1..^10]);
        Assert.Equal(cells, rows[3][1..^10]);
        Assert.All(rows.Skip(1), r => Assert.Equal("unknown", r[cells.Length + 1]));
        Assert.All(rows, r => Assert.Equal(cells.Length + 11, r.Count));
    }

    [Fact]
    public async Task Our_columns_get_another_name_where_the_input_has_it()
    {
        var rows = await (await app.PostAsync("?recognisedBy=cel", Listed.Csv, "gtin,answer,Outcome,reasons,reasons_2\n1,a,b,c,d\n")).RowsAsync();

        Assert.Equal("gtin,answer,Outcome,reasons,reasons_2,answer_2,outcome_2,certificate_scheme,certificate_number,agreement,level,conditions,holds_until,reasons_3,warnings", string.Join(',', rows[0]));
        Assert.Equal(["1", "a", "b", "c", "d", "", ""], rows[1][..7]);
        Assert.Equal("invalid", rows.Cell(1, "reasons_3"));
    }

    [Fact]
    public async Task Rows_that_are_not_as_long_as_the_header_keep_the_table_one()
    {
        var rows = await (await app.PostAsync("?recognisedBy=cel", Listed.Csv, "gtin,remark,more\n4006381333931\n\n4006381333931,a,b,,\n4006381333931,a,b,c,d\n,,\n")).RowsAsync();

        Assert.All(rows, row => Assert.Equal(13, row.Count));
        Assert.Equal(5, rows.Count);
        Assert.Equal(["4006381333931", "", "", "unknown"], rows[1][..4]);
        Assert.Equal(["4006381333931", "a", "b", "unknown"], rows[2][..4]);
        Assert.Equal(["4006381333931", "a", "b,c,d", ""], rows[3][..4]);
        Assert.Equal("invalid", rows.Cell(3, "reasons"));
        Assert.Equal("invalid-selector", rows.Cell(4, "reasons"));
    }

    [Fact]
    public async Task An_empty_line_is_a_row_where_there_is_one_column_and_a_table_may_end_with_its_header()
    {
        var rows = await (await app.PostAsync("?recognisedBy=cel", Listed.Csv, "gtin\n4006381333931\n\n4006381333931")).RowsAsync();
        Assert.Equal(["unknown", "", "unknown"], rows.Skip(1).Select(r => r[1]));

        Assert.Single(await (await app.PostAsync("?recognisedBy=cel", Listed.Csv, "gtin,remark")).RowsAsync());
    }

    [Fact]
    public async Task The_first_filled_of_several_columns_of_one_meaning_counts_and_rows_may_ask_whom_they_like()
    {
        var rows = await (await app.PostAsync("?recognisedBy=cel", Listed.Csv, """
            ean,upc,recognised by,as of,min level,brand,model
            ,4006381333931,,,,,
            4006381333930,4006381333931,,,,,
            4006381333931,,cle,,,,
            4006381333931,,,31.12.2020,,,
            ,,,2019-11-01,evidence,RISOGRAPH,MF935
            ,,,2019-11-01,full-product,RISOGRAPH,MF935
            ,,,2019-11-01,best,RISOGRAPH,MF935
            """)).RowsAsync();

        Assert.Equal(["unknown", "", "", "", "conditional", "not-recognised", ""], Enumerable.Range(1, 7).Select(row => rows.Cell(row, "outcome")));
        Assert.Equal(["", "invalid", "unknown-recogniser", "invalid"], Enumerable.Range(1, 4).Select(row => rows.Cell(row, "reasons")));
        Assert.Equal("invalid", rows.Cell(7, "reasons"));
    }

    [Theory]
    [InlineData("eco-mark,17133003,,RISOGRAPH,MF935", "conditional", false)]
    [InlineData("eco-mark,17133003,,risograph,mf-935", "conditional", false)]
    [InlineData("eco-mark,17133003,,RISOGRAPH,", "conditional", false)]
    [InlineData("eco-mark,17133003,,RISOGRAPH,MF936X", "conditional", true)]
    [InlineData("eco-mark,17133003,,Canon,", "conditional", true)]
    [InlineData("eco-mark,17133003,4006381333931,,", "conditional", true)]
    [InlineData("eco-mark,17133003,n/a,,", "conditional", true)]
    [InlineData("eco-mark,,,RISOGRAPH,MF935", "conditional", false)]
    [InlineData("geca,,,RISOGRAPH,MF935", "conditional", true)]
    [InlineData("no such label,,,RISOGRAPH,MF935", "conditional", true)]
    [InlineData(",17 133 003,,RISOGRAPH,MF935", "conditional", false)]
    [InlineData(",99 999,,RISOGRAPH,MF935", "conditional", true)]
    [InlineData(",,4006381333931,RISOGRAPH,MF935", "unknown", true)]
    [InlineData(",,4006381333931,Nobody,Nothing", "unknown", false)]
    [InlineData("eco-mark,99 999,,RISOGRAPH,MF935", "unknown", true)]
    [InlineData("eco-mark,99 999,,Nobody,Nothing", "unknown", false)]
    public async Task The_best_selector_is_used_and_the_rest_cross_checks(string row, string outcome, bool isMismatch)
    {
        var rows = await (await app.PostAsync(Then, Listed.Csv, "scheme,certificate,gtin,brand,model\n" + row)).RowsAsync();

        Assert.Equal((outcome, isMismatch), (rows.Cell(1, "outcome"), rows.Cell(1, "warnings").Contains("selector-mismatch", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_sheet_is_read_like_a_table_and_answered_as_one()
    {
        var book = Listed.Workbook(
            ["", "", ""],
            ["条码", "标志", "证书编号", "备注"],
            ["", "eco-mark", "17133003", "=1+1"],
            ["", "", "", ""],
            ["#4006381333931", "", "", "3,5 \"x\""],
            ["", "", "", ""]);
        var rows = await (await app.PostAsync(Then, Listed.Sheet, book)).RowsAsync();

        Assert.Equal(4, rows.Count);
        Assert.Equal(["条码", "标志", "证书编号", "备注", "answer"], rows[0][..5]);
        Assert.Equal(["", "eco-mark", "17133003", "=1+1", "partly"], rows[1][..5]);
        Assert.Equal(("", "invalid-selector"), (rows.Cell(2, "answer"), rows.Cell(2, "reasons")));
        Assert.Equal(["4006381333931", "", "", "3,5 \"x\"", "unknown"], rows[3][..5]);
    }

    [Fact]
    public async Task A_catalogue_is_asked_line_by_line_by_its_labels_its_products_or_its_classes()
    {
        const string Catalogue = """
            <?xml version="1.0" encoding="utf-8"?>
            <Catalogue xmlns="urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
              <cbc:ID>cat-1</cbc:ID>
              <cac:CatalogueLine><cbc:ID>1</cbc:ID><cac:Item>
                <cac:Certificate><cbc:ID>17 133 003</cbc:ID><cbc:CertificateTypeCode>eco-mark</cbc:CertificateTypeCode><cac:IssuerParty><cbc:ID>x</cbc:ID></cac:IssuerParty></cac:Certificate></cac:Item></cac:CatalogueLine>
              <cac:CatalogueLine><cbc:ID>2</cbc:ID><cac:Item>
                <cac:Certificate><cbc:ID>Eco Mark</cbc:ID><cbc:CertificateTypeCode>NA</cbc:CertificateTypeCode><cac:DocumentReference><cbc:ID>17133003</cbc:ID></cac:DocumentReference></cac:Certificate></cac:Item></cac:CatalogueLine>
              <cac:CatalogueLine><cbc:ID>3</cbc:ID><cac:Item><cac:StandardItemIdentification><cbc:ID schemeID="0160">4006381333931</cbc:ID></cac:StandardItemIdentification></cac:Item></cac:CatalogueLine>
              <cac:CatalogueLine><cbc:ID>4</cbc:ID><cac:Item><cbc:BrandName>RISOGRAPH</cbc:BrandName><cbc:ModelName>MF935</cbc:ModelName>
                <cac:Certificate><cbc:ID>9001</cbc:ID><cbc:CertificateTypeCode>ISO 9001</cbc:CertificateTypeCode></cac:Certificate></cac:Item></cac:CatalogueLine>
              <cac:CatalogueLine><cbc:ID>5</cbc:ID><cac:Item><cac:CommodityClassification><cbc:ItemClassificationCode listID="TSP">30121430</cbc:ItemClassificationCode></cac:CommodityClassification></cac:Item></cac:CatalogueLine>
              <cac:CatalogueLine><cbc:ID>6</cbc:ID><cac:Item><cac:Certificate><cbc:ID>1</cbc:ID><cbc:CertificateTypeCode>eco-mrak</cbc:CertificateTypeCode></cac:Certificate></cac:Item></cac:CatalogueLine>
              <cac:CatalogueLine><cbc:ID>7</cbc:ID><cac:Item><cbc:Name>Pencil</cbc:Name></cac:Item></cac:CatalogueLine>
            </Catalogue>
            """;
        var results = await (await app.PostAsync(Then, Listed.Xml, Catalogue)).ResultsAsync();

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], results.Texts("id"));
        Assert.Equal(["conditional", "conditional", "unknown", "conditional"], results[..4].Texts("outcome"));
        await AssertAcceptedAsync(results[4], "cpv:30121430");
        Assert.Equal(["unknown-scheme", "invalid-selector"], results[5..].Select(r => r.GetProperty("problem").Text("code")));
    }

    [Theory]
    [InlineData("""{ "ocid": "ocds-213czf-1", "tender": { "items": [ ITEMS ] } }""", "tender")]
    [InlineData("""{ "version": "1.1", "releases": [{ "ocid": "ocds-213czf-1", "tender": { "items": [ ITEMS ] } }] }""", "tender")]
    [InlineData("""{ "records": [{ "ocid": "ocds-213czf-1", "compiledRelease": { "ocid": "ocds-213czf-1", "awards": [{ "id": 7, "items": [ ITEMS ] }] } }] }""", "award/7")]
    [InlineData("""{ "releases": [{ "ocid": "ocds-213czf-1", "contracts": [{ "id": "7", "items": [ ITEMS ] }], "awards": [{ "id": "9" }], "tender": null }] }""", "contract/7")]
    public async Task The_items_of_a_tender_are_asked_by_their_labels_or_their_classes(string document, string place)
    {
        const string Items = """
            { "id": "1.0", "description": "Duplicators", "classification": { "scheme": "CPV", "id": "30121430.0" }, "quantity": 8, "unit": { "name": "Miles" } },
            { "id": 2, "additionalClassifications": [{ "scheme": "GSIN", "id": "N1" }, { "scheme": "eco-mark", "id": "17 133 003" }] },
            { "id": "3", "attributes": [{ "name": "Brand", "value": "RISOGRAPH" }, { "name": "型号", "value": "MF935" }] },
            { "id": "4", "additionalClassifications": [{ "scheme": "GTIN", "id": "4006381333931" }] },
            { "id": "5", "description": "COMPUTADORA PORTATIL TIPO 1" },
            { "id": "6", "classification": { "scheme": "CPV", "id": "99999999" } }
            """;
        var results = await (await app.PostAsync(Then, Listed.Json, document.Replace("ITEMS", Items, StringComparison.Ordinal))).ResultsAsync();

        Assert.Equal(new[] { "1.0", "2", "3", "4", "5", "6" }.Select(id => $"ocds-213czf-1/{place}/{id}"), results.Texts("id"));
        await AssertAcceptedAsync(results[0], "cpv:30121430");
        Assert.Equal(["conditional", "conditional", "unknown"], results[1..4].Texts("outcome"));
        Assert.Equal(["invalid-selector", "unknown-category"], results[4..].Select(r => r.GetProperty("problem").Text("code")));
    }

    [Fact]
    public async Task A_tender_may_come_in_the_encoding_that_its_media_type_names()
    {
        var latin = Encoding.Latin1.GetBytes("""{ "releases": [{ "ocid": "é-1", "tender": { "items": [{ "id": "1", "attributes": [{ "name": "gtin", "value": "4006381333931" }] }] } }] }""");
        var results = await (await app.PostAsync("?recognisedBy=cel", "application/json; charset=iso-8859-1", latin)).ResultsAsync();

        Assert.Equal("é-1/tender/1", results.Single().Text("id"));
    }

    [Fact]
    public async Task Every_row_in_every_form_is_answered_as_the_single_check_answers_it()
    {
        var questions = await QuestionsAsync();
        Assert.True(questions.Count >= 200, $"{questions.Count} questions");
        string[] columns = ["recognisedBy", "gtin", "brand", "model", "scheme", "certificate", "asOf"];
        var csv = string.Join('\n', questions.Select(q => string.Join(',', columns.Select(c => Quote(q.GetValueOrDefault(c, ""))))).Prepend(string.Join(',', columns)));
        var csvResponse = await app.PostAsync("", Listed.Csv, csv);
        var table = await csvResponse.RowsAsync();
        var linesResponse = await app.PostAsync("", Listed.Lines, string.Join('\n', questions.Select(q => JsonSerializer.Serialize(q))));
        var lines = await linesResponse.LinesAsync();
        var list = await (await app.PostAsync("", Listed.Json, $$"""{"items":[{{string.Join(',', questions.Select(q => JsonSerializer.Serialize(q)))}}]}""")).ResultsAsync();

        Assert.Equal(questions.Count + 1, table.Count);
        for (var i = 0; i < questions.Count; i++)
        {
            var address = "/v1/check?" + string.Join('&', questions[i].Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}")) + $"&knownAt={Revision(linesResponse)}";
            var single = await app.GetAsync(address);
            if (single.TryGetProperty("status", out _))
            {
                Assert.Equal(single.Text("code"), table.Cell(i + 1, "reasons"));
                Assert.Equal(single.Text("code"), lines[i].GetProperty("problem").Text("code"));
                Assert.Equal(single.Text("code"), list[i].GetProperty("problem").Text("code"));
                continue;
            }

            Assert.True(single.Text("outcome") == table.Cell(i + 1, "outcome"), address);
            Assert.Equal(single.Text("answer"), table.Cell(i + 1, "answer"));
            Assert.Equal(single.GetProperty("holdsUntil").ToString(), table.Cell(i + 1, "holds_until"));
            Assert.Equal(string.Join("; ", single.Texts("reasons", "code").Distinct()), table.Cell(i + 1, "reasons"));
            Assert.Equal(string.Join("; ", single.Texts("warnings", "code")), table.Cell(i + 1, "warnings"));
            var expected = single.ToString().Replace("\n", "", StringComparison.Ordinal);
            Assert.Equal("{\"id\":null," + expected[1..], lines[i].ToString());
            Assert.Equal(lines[i].ToString(), list[i].ToString());
        }

        static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>Every kind of question about what the reference registry holds, and about what it does not, on days and of recognisers that change from one to the next.</summary>
    private async Task<List<Dictionary<string, string>>> QuestionsAsync()
    {
        var certificates = (await app.GetAsync("/v1/certificates?limit=200")).Items().Concat((await app.GetAsync("/v1/certificates?scheme=eco-mark&limit=100")).Items()).ToList();
        var products = (await app.GetAsync("/v1/products?limit=150")).Items();
        string[] recognisers = ["cel", "eco-mark", "body:geca", "green-seal", "cle", "nordic-swan"];
        string[] days = ["2019-11-01", "2026-11-22", "2004-06-30", "2020-05-05"];
        var questions = certificates.Where(c => c.Text("number") is not null)
            .Select(c => new Dictionary<string, string>(StringComparer.Ordinal) { ["scheme"] = c.Text("scheme")!, ["certificate"] = c.Text("number")! })
            .Concat(products.Select(p => new Dictionary<string, string>(StringComparer.Ordinal) { ["brand"] = p.Text("brand")!, ["model"] = p.Text("model")! }))
            .Concat(products.SelectMany(p => p.TryGetProperty("gtins", out var gtins) ? gtins.EnumerateArray().Select(g => g.GetString()!) : [])
                .Append("4006381333931").Append("4006381333930")
                .Select(gtin => new Dictionary<string, string>(StringComparer.Ordinal) { ["gtin"] = gtin }))
            .ToList();
        foreach (var (i, question) in questions.Index())
        {
            question["recognisedBy"] = recognisers[i % recognisers.Length];
            question["asOf"] = days[i % days.Length];
        }

        return questions;
    }

    private async Task AssertAcceptedAsync(JsonElement result, string category)
    {
        var accepted = result.GetProperty("accepted").EnumerateArray().Select(a => $"{a.Text("scheme")} {a.Text("level")} {a.Text("agreement")}/{a.Text("grant")}").Order().ToList();
        var listed = (await app.GetAsync($"/v1/recognitions?recogniser=cel&asOf=2019-11-01&limit=1000&category={category}")).Items()
            .Select(r => $"{r.Text("recognised")} {r.Text("level")} {r.Text("agreement")}/{r.Text("grant")}").Order().ToList();
        Assert.NotEmpty(listed);
        Assert.Equal(listed, accepted);
    }

    private static long Revision(HttpResponseMessage response) =>
        long.Parse(response.Headers.GetValues("Registry-Revision").Single(), CultureInfo.InvariantCulture);
}
