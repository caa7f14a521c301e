using static EcoLabelRegistry.Tests.Registers.RegisterCalls;

namespace EcoLabelRegistry.Tests.Registers;

public sealed class SqliteCsvRows(EmptySqliteRegistry app) : CsvRowsTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlCsvRows(EmptyPostgreSqlRegistry app) : CsvRowsTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class CsvRowsTests(RegistryApp app)
{
    [Fact]
    public async Task Every_column_fills_its_member()
    {
        var scheme = await app.NewSchemeAsync();
        const string Header = "scheme,number,holder,standard,edition,tier,validFrom,validUntil,confirmedOn,lastAudit,issuedBy,otherNumbers,territories,siteCountries,notes,sample,"
            + "brand,model,gtins,category,from,until,name.en,name.zh,event,eventEffective,eventReason";
        var row = $"{scheme},C 1,\"Painter, \"\"Best\"\" Ltd\",{scheme}-1,2020,gold,2020-01,9999-12-31,2021-02-03,2022,Office,X-1; X 2|X-3,DE;GB-NIR,DE JP,\"Two\nlines\",true,"
            + "Acme,Mega,4006381333931 96385074,coatings,2020,2030,Paint,油漆,suspended,2024-01-01,audit";

        Assert.Equal("1/0/0/0", (await app.PutAsync(scheme, $"{Header}\r\n{row}\r\n", mediaType: Csv).TakenAsync()).Counts());

        var data = Assert.Single(await app.AllAsync($"/v1/changes/{await app.RevisionAsync()}/items")).GetProperty("data");
        Assert.Equal(
            $$$"""{"confirmedOn":"2021-02-03","edition":"2020","events":[{"effective":"2024-01-01","reason":"audit","type":"suspended"}],"holder":"Painter, \"Best\" Ltd","issuedBy":"Office","lastAudit":"2022","notes":"Two\nlines","number":"C 1","otherNumbers":["X-1","X 2","X-3"],"products":[{"brand":"Acme","category":"coatings","from":"2020","gtins":["4006381333931","96385074"],"model":"Mega","names":{"en":"Paint","zh":"油漆"},"until":"2030"}],"sample":true,"scheme":"{{{scheme}}}","sites":[{"country":"DE"},{"country":"JP"}],"standard":"{{{scheme}}}-1","territories":["DE","GB-NIR"],"tier":"gold","validFrom":"2020-01","validUntil":"9999-12-31"}""",
            data.GetRawText());
        Assert.Equal("suspended", await app.StandingAsync(scheme, "C1", "2199-01-01"));
    }

    [Fact]
    public async Task Rows_of_one_number_are_lines_of_one_certificate_wherever_they_stand()
    {
        var scheme = await app.NewSchemeAsync();
        var csv = $"number,holder,validFrom,standard,brand,model\nA,Painter Ltd,2020,{scheme}-1,Acme,One\nB,Other Ltd,2021,,Acme,B\nA,,,,Acme,Two\n,,,,,\nA,Painter Ltd,2020,{scheme}-1,Acme,Three\nC,,2022,,,\n";

        var answer = await app.PutAsync(scheme, csv, mediaType: Csv).TakenAsync();

        Assert.Equal("3/0/0/0", answer.Counts());
        Assert.Equal(3, answer.GetProperty("received").GetInt32());
        Assert.Equal(["One", "Two", "Three"], (await app.CertificateAsync(scheme, "A")).GetProperty("products").EnumerateArray().Select(p => p.Text("model")));
        Assert.Empty((await app.CertificateAsync(scheme, "C")).GetProperty("products").EnumerateArray());
        Assert.Equal("0/0/3/0", (await app.PutAsync(scheme, csv, mediaType: Csv).TakenAsync()).Counts());

        var ndjson = $$"""
            {"number":"B","holder":"Other Ltd","validFrom":"2021","products":[{"brand":"Acme","model":"B"}]}
            {"number":"A","holder":"Painter Ltd","validFrom":"2020","standard":"{{scheme}}-1","products":[{"brand":"Acme","model":"One"},{"brand":"Acme","model":"Two"},{"brand":"Acme","model":"Three"}]}
            {"number":"C","validFrom":"2022"}
            """;
        Assert.Equal("0/0/3/0", (await app.PutAsync(scheme, ndjson).TakenAsync()).Counts()); // one register in two forms
    }

    [Fact]
    public async Task Each_fault_is_named_by_its_line_and_column_and_a_certificate_is_taken_whole_or_not()
    {
        var scheme = await app.NewSchemeAsync();
        string[] lines =
        [
            "number,holder,validFrom,brand,model,gtins,category",
            "A,Painter Ltd,2020,Acme,One,,coatings",
            "A,Baker Ltd,2020,Acme,Two,,coatings",       // 3: another holder
            "B,Painter Ltd,2020,Acme,\"Li",
            "ne\",,coatings",
            "B,,,Acme,Two,96385075,coatings",            // 6: a wrong check digit
            "B,,,Acme,Three,,coating",                   // not seen: shape is judged first
            "C,,2020,Acme",                              // 8
            "D,,2020,Acme,One,,coatings,more",           // 9
            "E,,2020-02-30,Acme,One,,coatings",          // 10
            "F,,2020,Acme,One,4.00638E+12,coatings",     // 11
            "G,,2020,Acme,One,,coatings.decorativ",      // 12
            ",,2020,Acme,One,,coatings",                 // 13: no number
            "OK,,2020,Acme,One,,coatings",
        ];
        var before = await app.RowsAsync();

        var problem = await app.PutAsync(scheme, string.Join("\r\n", lines), mediaType: Csv).RefusedAsync(400, "unreadable-body");

        Assert.Equal(
            [
                "3 invalid holder", "6 invalid gtins[0]", "8 unreadable-body ", "9 unreadable-body ", "10 invalid validFrom", "11 invalid gtins[0]",
                "12 unknown-category category", "13 invalid number",
            ],
            problem.GetProperty("rejected").EnumerateArray().Select(r =>
                $"{r.GetProperty("line")} {r.Text("code")} {(r.GetProperty("errors").ValueKind == System.Text.Json.JsonValueKind.Null ? "" : r.GetProperty("errors").EnumerateObject().First().Name)}"));
        Assert.Equal(before, await app.RowsAsync());

        var taken = await app.PutAsync(scheme, string.Join("\r\n", lines), "?onError=skip", Csv).TakenAsync();
        Assert.Equal("1/0/0/0", taken.Counts());
        Assert.Equal(9, taken.GetProperty("received").GetInt32()); // A, B, E, F, G, OK and three lines that tell no certificate
    }

    [Theory]
    [InlineData("证书编号;有效期起;品牌;型号;条码;品目\nA;2020;立邦;净味;4006381333931;coatings")]
    [InlineData("Certificate No\tvalid-from\tBRAND\tModel\tean\tcategory\nA\t2020\t立邦\t净味\t4006381333931\tcoatings\n")]
    [InlineData("License No.,validFrom,品牌,规格型号,UPC,类别\nA,2020,立邦,净味,4006381333931,coatings")]
    [InlineData("\"Licence_No\",\"Valid from\",\"brand\",\"model\",\"GTIN\",\"category\"\r\n\"A\" , 2020 ,\"立邦\",净味,\" 4006381333931 \",coatings\r\n")]
    public async Task Semicolons_tabs_other_names_and_blanks_are_read(string csv)
    {
        var scheme = await app.NewSchemeAsync();
        Assert.Equal("1/0/0/0", (await app.PutAsync(scheme, csv, mediaType: Csv).TakenAsync()).Counts());
        var line = Assert.Single((await app.CertificateAsync(scheme, "A")).GetProperty("products").EnumerateArray());
        Assert.Equal(("立邦", "净味", "coatings"), (line.Text("brand"), line.Text("model"), line.Text("category")));
        Assert.Equal(["4006381333931"], line.Texts("gtins"));
    }

    [Theory]
    [InlineData("number,holdr\nA,x", "unknown-member", "holder")]
    [InlineData("number,holder,Holder\nA,x,y", "repeated-member", "Holder")]
    [InlineData("number,ean,gtin\nA,x,y", "repeated-member", "gtin")]
    [InlineData("holder,validFrom\nA,2020", "invalid", "number")]
    [InlineData("number,\"holder\nA,x", "unreadable-body", "quotation")]
    public async Task A_header_that_is_not_understood_is_refused_with_its_column(string csv, string code, string named)
    {
        var scheme = await app.NewSchemeAsync();
        var problem = await app.PutAsync(scheme, csv, "?onError=skip", Csv).RefusedAsync(400, code);
        Assert.Contains(named, problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_of_more_columns_than_it_may_have_is_refused()
    {
        var scheme = await app.NewSchemeAsync();
        var header = "number," + string.Join(',', Enumerable.Range(0, 300).Select(i => $"name.x{i}"));
        Assert.Contains("301", (await app.PutAsync(scheme, header + "\n", mediaType: Csv).RefusedAsync(400, "unreadable-body")).Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quotation_mark_that_is_never_closed_is_said_at_its_line()
    {
        var scheme = await app.NewSchemeAsync();
        var problem = await app.PutAsync(scheme, "number,validFrom\nA,2020\nB,\"2020\nC,2020\n", mediaType: Csv).RefusedAsync(400, "unreadable-body");
        var rejected = Assert.Single(problem.GetProperty("rejected").EnumerateArray());
        Assert.Equal(3, rejected.GetProperty("line").GetInt32());
        Assert.Contains("quotation", rejected.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quotation_marks_within_a_cell_are_letters_and_doubled_ones_are_one()
    {
        var scheme = await app.NewSchemeAsync();
        Assert.Equal("3/0/0/0", (await app.PutAsync(scheme, "number,validFrom,holder\nA,2020,5\" pipe\nB,2020,\"say \"\"a, b\"\"\"\nC,2020,\"\"\n", mediaType: Csv).TakenAsync()).Counts());
        Assert.Equal("5\" pipe", (await app.CertificateAsync(scheme, "A")).Text("holder"));
        Assert.Equal("say \"a, b\"", (await app.CertificateAsync(scheme, "B")).Text("holder"));
        Assert.Null((await app.CertificateAsync(scheme, "C")).Text("holder"));
    }

    [Fact]
    public async Task Territories_are_everywhere_somewhere_or_not_known()
    {
        var scheme = await app.NewSchemeAsync();
        await app.PutAsync(scheme, "number,validFrom,territories\nA,2020,*\nB,2020,\"DE, FR\"\nC,2020,\n", mediaType: Csv).TakenAsync();
        Assert.Empty((await app.CertificateAsync(scheme, "A")).Texts("territories"));
        Assert.Equal(["DE", "FR"], (await app.CertificateAsync(scheme, "B")).Texts("territories"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await app.CertificateAsync(scheme, "C")).GetProperty("territories").ValueKind);
    }
}
