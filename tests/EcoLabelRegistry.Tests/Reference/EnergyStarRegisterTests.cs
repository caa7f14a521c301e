using System.Text;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Reference;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Reference;

/// <summary>The importer on the two lists as they were published, and on rows that these lack.</summary>
public sealed class EnergyStarRegisterTests
{
    private static readonly EnergyStarRegister.Report Computers = Read(0);
    private static readonly EnergyStarRegister.Report Washers = Read(1);

    [Fact]
    public void Every_row_becomes_a_certificate_of_its_own()
    {
        Assert.Equal(417, Computers.Rows.Count);
        Assert.Equal(260, Washers.Rows.Count);
        Assert.Equal(677, Computers.Rows.Concat(Washers.Rows).Select(row => row.Number).Distinct().Count());
        Assert.All(Computers.Rows.Concat(Washers.Rows), row => Assert.NotEmpty(row.Products!));
    }

    [Fact]
    public void The_day_of_certification_is_the_first_day_and_there_is_no_last()
    {
        var row = Row(Computers, "2359398");

        Assert.Equal(Date("2020-05-04"), row.ValidFrom);
        Assert.Null(row.ValidUntil);
        Assert.Equal("Dell Inc.", row.Holder);
        Assert.Equal(Date("2020-05"), Assert.Single(row.Sources!).Published);
    }

    [Theory]
    [InlineData("2359398", "CA CH JP TW US")]
    [InlineData("2333287", "CA")]
    [InlineData("2331678", "CA US")]
    public void Markets_are_the_territories(string number, string territories) =>
        Assert.Equal(territories.Split(' '), Row(Computers.Rows.Any(r => r.Number == number) ? Computers : Washers, number).Territories);

    [Fact]
    public void Every_market_that_is_printed_is_a_country() =>
        Assert.All(Computers.Rows.Concat(Washers.Rows), row => Assert.All(row.Territories!, t => Assert.Contains(t, new[] { "US", "CA", "CH", "JP", "TW" })));

    [Theory]
    [InlineData("Notebook", "it.computer.notebook", 312)]
    [InlineData("Slate/Tablet", "it.computer.tablet", 37)]
    [InlineData("Thin Client", "it.computer.thin-client", 5)]
    public void Each_type_has_a_category(string type, string category, int rows)
    {
        Assert.Equal(category, EnergyStarRegister.All[0].CategoryOf(type));
        Assert.Equal(rows, Computers.Rows.Count(row => row.Products![0].Category == category));
        Assert.All(Washers.Rows, row => Assert.Equal("appliance.clothes-washer", row.Products![0].Category));
    }

    [Theory]
    [InlineData("2310662", "84691810780", "084691810780")]
    [InlineData("2309144", "12505387265", "012505387265")]
    public void A_leading_zero_that_was_lost_is_restored_and_noted(string number, string printed, string gtin)
    {
        var line = Row(Washers, number).Products![0];

        Assert.Equal([gtin], line.Gtins);
        Assert.Equal($"The list prints the UPC {printed}; its leading zero was lost and is restored.", line.Notes);
    }

    [Fact]
    public void Each_code_of_eleven_digits_is_restored_or_refused()
    {
        var restored = Washers.Rows.Count(row => row.Products![0].Notes?.Contains("is restored", StringComparison.Ordinal) == true);

        Assert.Equal(17, restored); // the eighteenth has a wrong check digit with the zero too
        Assert.Contains(Washers.Refused, refused => refused.Text == "87276857954");
    }

    [Theory]
    [InlineData("2342279", "1")]
    [InlineData("2309900", "578206")]
    [InlineData("2306363", "757638973697")]
    [InlineData("2310294", "883049381151")]
    public void What_is_no_GTIN_is_refused_for_that_code_alone_with_its_line_and_a_reason(string number, string code)
    {
        var row = Row(Washers, number);
        var line = Line("clothes-washers.csv", number);

        Assert.Null(row.Products![0].Gtins);
        Assert.Equal($"The list prints the UPC '{code}', which is no GTIN.", row.Products[0].Notes);
        Assert.Contains(Washers.Refused, refused => refused.Line == line && refused.Text == code && refused.Reason.StartsWith("Not a GTIN", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_is_refused_no_row_and_the_codes_that_are_none_are_counted()
    {
        Assert.Empty(Computers.Refused);
        Assert.Equal(76, Washers.Refused.Count);
        Assert.Equal(69, Washers.Refused.Count(refused => refused.Text == "1"));
        Assert.Equal(4, Washers.Refused.Count(refused => refused.Text.Length == 6));
    }

    [Fact]
    public void Two_codes_in_one_cell_are_two_codes() => Assert.Equal(["084691842910", "084691842965"], Row(Washers, "2340782").Products![0].Gtins);

    [Theory]
    [InlineData("2310720", "GTW685BPLDG", "084691825739")] // "Color - Diamond Gray, UPC - 084691825739"
    [InlineData("2310722", "GTW750CPLDG", "084691825746")] // "Color: Diamond Gray UPC: 084691825746"
    [InlineData("2342279", "GTW845CSNWS", "084691842989")] // "Color: White / Silver; UPC 084691842989"
    [InlineData("2346259", "GFW650SSNWW", "084691849315")]
    public void A_code_inside_the_notes_belongs_to_the_model_of_its_record(string number, string model, string gtin) =>
        Assert.Equal([gtin], Product(Washers, number, model).Gtins);

    [Fact]
    public void A_record_without_a_code_has_none() => Assert.Null(Product(Washers, "2310530", "GFW490RPKDG").Gtins);

    [Theory]
    [InlineData("2359398", "P75F|Vostro 3582|Inspiron 3582")]
    [InlineData("2356814", "iPad Pro 11”|A2068|A2228|A2230|A2231")]
    [InlineData("2355233", "IdeaPad 5 14ARE05|81YM|Lenovo XiaoXinAir-14ARE 2020|81YN")]
    [InlineData("2358569", "Lenovo IdeaPad S145-15API|81UT|Lenovo IdeaPad 340C-15API|81UU|81V7")]
    [InlineData("2352632", "dynabook Satellite Pro L40-G|PJA21U|PJA2#*|dynabook Satellite L40-G|PJA1#*")]
    [InlineData("2358858", "Lenovo Chromebook S340-14|Lenovo Chromebook S340-14 Touch|81TB******|81V3******")]
    public void Names_numbers_and_further_models_become_models_each_once(string number, string models) =>
        Assert.Equal(models.Split('|'), Row(Computers, number).Products!.Select(p => p.Model));

    [Fact]
    public void No_model_is_a_piece_of_an_explanation() => Assert.All(
        Computers.Rows.Concat(Washers.Rows).SelectMany(row => row.Products!),
        line => Assert.DoesNotMatch(@"^.$|=|\d\) |Color|UPC|All models|represents", line.Model!));

    [Fact]
    public void Numbers_without_a_blank_between_them_are_numbers_all_the_same()
    {
        var models = Row(Computers, "2358684").Products!.Select(p => p.Model).ToList();

        Assert.Contains("81DH", models);
        Assert.Contains("81M1", models);
    }

    [Theory]
    [InlineData("upc to come", "upc to come")]
    [InlineData("see notes, 4006381333931", "see notes")]
    [InlineData("https://id.gs1.org/01/04006381333931", "https://id.gs1.org/01/04006381333931")]
    public void Words_are_refused_for_that_code_alone(string cell, string refused)
    {
        var report = Parse($"""1,Acme,One,,"{cell}",05/04/2020,Canada""");

        var row = Assert.Single(report.Rows);
        Assert.Equal((2, refused), (Assert.Single(report.Refused).Line, report.Refused[0].Text));
        Assert.Contains($"'{refused}'", row.Products![0].Notes, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_wrong_codes_are_both_noted() => Assert.Equal(
        "The list prints the UPC '1', which is no GTIN. The list prints the UPC '2', which is no GTIN.",
        Parse("""1,Acme,One,,"1, 2",05/04/2020,Canada""").Rows[0].Products![0].Notes);

    [Theory]
    [InlineData("1,Acme,One,,,2020-05-04,Canada")]
    [InlineData("1,Acme,One,,,05/04/2020,Atlantis")]
    [InlineData(",Acme,One,,,05/04/2020,Canada")]
    [InlineData("1,,One,,,05/04/2020,Canada")]
    public void A_row_that_cannot_be_a_certificate_is_refused_with_its_line_and_the_others_stay(string row)
    {
        var report = Parse("\"8\n\",Acme,\"A,\nB\",,,05/04/2020,Canada\n" + row + "\n9,Acme,Two,,,05/04/2020,Canada");

        Assert.Equal(["8", "9"], report.Rows.Select(r => r.Number));
        Assert.Equal(5, Assert.Single(report.Refused).Line); // cells of the row before go over two lines more
    }

    private static EnergyStarRegister.Report Parse(string rows) => EnergyStarRegister.All[1].Read(new MemoryStream(Encoding.UTF8.GetBytes(
        "ENERGY STAR Unique ID,Brand Name,Model Number,Additional Model Information,UPC,Date Certified,Markets\n" + rows)));

    private static EnergyStarRegister.Report Read(int list)
    {
        using var file = File.OpenRead(Path.Combine(Project.Root, "db", "reference", EnergyStarRegister.All[list].File));
        return EnergyStarRegister.All[list].Read(file);
    }

    // No cell of these two lists goes over a line.
    private static int Line(string file, string number) =>
        1 + File.ReadAllLines(Path.Combine(Project.Root, "db", "reference", "energy-star", file)).ToList().FindIndex(line => line.StartsWith(number + ",", StringComparison.Ordinal));

    private static CertificateBody Row(EnergyStarRegister.Report report, string number) => Assert.Single(report.Rows, row => row.Number == number);

    private static ProductLineEntry Product(EnergyStarRegister.Report report, string number, string model) =>
        Assert.Single(Row(report, number).Products!, line => line.Model == model);
}

[Collection(SqliteReference.Name)]
public sealed class SqliteEnergyStar(SqliteRegistry app) : EnergyStarTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlEnergyStar(PostgreSqlRegistry app) : EnergyStarTests(app);

/// <summary>The lists in the registry, asked over HTTP.</summary>
public abstract class EnergyStarTests(RegistryApp app)
{
    private const string Question = "/v1/check?recognisedBy=energy-star&asOf=2020-05-10";

    [Fact]
    public async Task A_notebook_counts_where_its_markets_are_and_nowhere_else()
    {
        const string Notebook = Question + "&brand=DELL&model=Vostro%203582";
        var japan = await app.GetAsync(Notebook + "&territory=JP");
        var germany = await app.GetAsync(Notebook + "&territory=DE");
        var partOfCanada = await app.GetAsync(Notebook + "&territory=CA-QC");

        Assert.Equal(("yes", "certified"), (japan.Text("answer"), japan.Text("outcome")));
        Assert.Equal("yes", partOfCanada.Text("answer"));
        Assert.Equal(("no", "not-certified"), (germany.Text("answer"), germany.Text("outcome")));
        Assert.Equal(["territory-out-of-scope"], germany.Codes("reasons"));
    }

    [Fact]
    public async Task Before_the_day_of_certification_the_answer_is_no()
    {
        var answer = await app.GetAsync("/v1/check?recognisedBy=energy-star&asOf=2020-05-03&brand=DELL&model=Vostro%203582");

        Assert.Equal("no", answer.Text("answer"));
        Assert.Equal(["certificate-not-yet-valid"], answer.Codes("reasons"));
    }

    [Fact]
    public async Task A_restored_code_is_found_by_what_stands_on_the_box()
    {
        var answer = await app.GetAsync(Question + "&gtin=012505387265");

        Assert.Equal("yes", answer.Text("answer"));
        Assert.Equal("2309144", answer.GetProperty("certificates")[0].Text("number"));
    }

    [Fact]
    public async Task A_further_model_is_found_by_its_own_code()
    {
        var answer = await app.GetAsync(Question + "&gtin=084691825739");

        Assert.Equal("GTW685BPLDG", answer.GetProperty("product").Text("model"));
        Assert.Equal("yes", answer.Text("answer"));
    }

    [Fact]
    public async Task A_code_that_several_models_list_says_so() =>
        Assert.Contains("gtin-ambiguous", (await app.GetAsync(Question + "&gtin=084691810780")).Codes("warnings"));

    [Fact]
    public async Task A_piece_of_an_explanation_is_no_product() =>
        Assert.Equal("unknown", (await app.GetAsync(Question + "&brand=dynabook&model=C")).Text("answer"));
}
