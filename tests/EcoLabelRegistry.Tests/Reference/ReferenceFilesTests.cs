using System.Text.Json.Nodes;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Tests.Reference;

/// <summary>What holds for the facts of the reference registry beyond what a write demands of any fact.</summary>
public sealed class ReferenceFilesTests
{
    private static readonly string Folder = Path.Combine(Project.Root, "db", "reference");

    private static readonly IReadOnlyList<string> Kinds = ["label-bodies", "schemes", "standards", "agreements", "policies", "certificates"];

    [Fact]
    public void Every_name_that_a_person_reads_is_there_in_English_and_Chinese()
    {
        var everything = Kinds.Append("categories").SelectMany(kind => Read(kind).Concat(Read("samples/" + kind)));

        Assert.Empty(everything.SelectMany(item => Inside(item)).SelectMany(Names).Where(names => names["en"] is null || names["zh"] is null).Select(n => n.ToJsonString()));

        static IEnumerable<JsonObject> Names(JsonObject item) =>
            new[] { "names", "titles", "title", "message" }.Select(member => item[member]).OfType<JsonObject>();
    }

    [Fact]
    public void Every_real_fact_says_how_sure_it_is_and_where_it_comes_from() =>
        Assert.Empty(Kinds.SelectMany(Read)
            .Where(item => item["confidence"] is null || (item["sources"] is not JsonArray { Count: > 0 } && (string?)item["confidence"] != "unverified" && item["notes"] is null))
            .Select(Name));

    [Fact]
    public void Every_source_says_when_it_was_read() =>
        Assert.Empty(Kinds.SelectMany(Read).SelectMany(item => Inside(item).SelectMany(i => List(i, "sources"))).Where(s => s["title"] is null || s["readOn"] is null).Select(s => s.ToJsonString()));

    [Fact]
    public void Every_criterion_has_a_parameter_a_comparator_and_the_words_of_its_source()
    {
        var criteria = Read("standards").SelectMany(s => List(s, "editions")).SelectMany(e => List(e, "criteria")).ToList();

        Assert.Empty(criteria.Where(c => c["parameter"] is null || c["comparator"] is null || c["text"] is null || c["confidence"] is null).Select(c => c.ToJsonString()));
        Assert.Empty(criteria.GroupBy(c => (string)c["parameter"]!, StringComparer.Ordinal)
            .Where(same => same.Select(c => c["names"]!.ToJsonString()).Distinct(StringComparer.Ordinal).Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void No_edition_of_a_real_standard_claims_to_be_held_in_full() =>
        Assert.DoesNotContain("full", Read("standards").SelectMany(s => List(s, "editions")).Select(e => (string?)e["criteriaCompleteness"]));

    [Fact]
    public void No_real_agreement_that_gives_something_is_silently_in_force() => Assert.Empty(Read("agreements")
        .Where(agreement => List(agreement, "grants").Any(grant => LevelOf(grant).Gives() is not null))
        .Where(agreement => agreement["confirmedOn"] is null && agreement["effectiveUntil"] is null)
        .Select(Name));

    [Fact]
    public void The_registrar_attests_every_real_agreement() => Assert.Empty(Read("agreements")
        .Where(agreement => (bool?)agreement["attested"] != true || agreement["signedBy"] is not null || agreement["accessions"] is not null || agreement["events"] is not null)
        .Select(Name));

    [Theory]
    [InlineData("gen-genices")]
    [InlineData("cel-cambodia-capacity")]
    [InlineData("sgls-accepts-gen-tests")]
    [InlineData("hkgls-accepts-other-labels")]
    [InlineData("alianza-ambiental-2024")]
    public void Peer_review_training_and_open_lists_have_no_lines(string agreement) =>
        Assert.Empty(List(Assert.Single(Read("agreements"), a => Name(a) == agreement), "grants"));

    [Theory]
    [InlineData("geca-sgls-2022")]
    [InlineData("ecomark-twgm-2025")]
    [InlineData("ecomark-ecologo-2014")]
    [InlineData("cel-sgls-coop")]
    [InlineData("cel-vitality-leaf-coop")]
    [InlineData("cel-green-crane-coop")]
    public void A_memorandum_gives_nothing_in_either_direction(string agreement)
    {
        var grants = List(Assert.Single(Read("agreements"), a => Name(a) == agreement), "grants").ToList();

        Assert.Equal(2, grants.Count);
        Assert.All(grants, grant => Assert.Null(LevelOf(grant).Gives()));
    }

    [Fact]
    public void A_link_between_certificates_leads_to_one_of_the_file()
    {
        var certificates = Read("certificates");
        var known = certificates.Select(Name).ToHashSet(StringComparer.Ordinal);
        var links = certificates.SelectMany(c => List(c, "products")).SelectMany(p => List(p, "related")).Select(r => $"{r["scheme"]} {r["certificate"] ?? r["key"]}");

        Assert.All(links, link => Assert.Contains(link, known));
    }

    [Fact]
    public void Samples_say_so_and_real_facts_do_not()
    {
        Assert.Empty(Kinds.Append("categories").SelectMany(Read).SelectMany(Inside).Where(item => item["sample"] is not null).Select(i => i.ToJsonString()));
        Assert.Empty(Kinds.SelectMany(kind => Read("samples/" + kind)).Where(item => (bool?)item["sample"] != true).Select(Name));
    }

    [Fact]
    public void Nobody_can_take_a_sample_for_a_real_thing()
    {
        Assert.All(Kinds.Except(["certificates"]).SelectMany(kind => Read("samples/" + kind)), item => Assert.StartsWith("sample-", Name(item), StringComparison.Ordinal));
        Assert.All(Read("samples/certificates"), item => Assert.StartsWith("SAMPLE-", (string?)item["number"], StringComparison.Ordinal));
        Assert.All(
            Read("samples/certificates").SelectMany(c => List(c, "products")).SelectMany(p => p["gtins"]?.AsArray() ?? []),
            gtin => Assert.StartsWith("29", (string?)gtin, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cel")]
    [InlineData("geca")]
    [InlineData("sgls-plus")]
    [InlineData("green-seal")]
    [InlineData("nordic-swan")]
    [InlineData("blue-angel")]
    [InlineData("eu-ecolabel")]
    [InlineData("eco-mark")]
    [InlineData("kel")]
    public void A_sample_certificate_shows_how_a_known_label_answers(string scheme) =>
        Assert.Contains(Read("samples/certificates"), certificate => (string?)certificate["scheme"] == scheme);

    private static Level LevelOf(JsonObject grant) =>
        Code.TryParse<Level>((string?)grant["level"], out var level) ? level : throw new InvalidOperationException($"{grant["id"]} has no level.");

    private static string Name(JsonObject item) =>
        (string?)item["code"] ?? (string?)item["id"] ?? $"{item["scheme"]} {item["number"] ?? item["key"]}";

    private static IEnumerable<JsonObject> List(JsonObject item, string member) => (item[member] as JsonArray ?? []).Select(i => i!.AsObject());

    /// <summary>The object and every object inside of it.</summary>
    private static IEnumerable<JsonObject> Inside(JsonObject item) => item
        .SelectMany(member => member.Value switch
        {
            JsonObject inner => Inside(inner),
            JsonArray list => list.OfType<JsonObject>().SelectMany(Inside),
            _ => [],
        })
        .Prepend(item);

    private static List<JsonObject> Read(string kind) => File.Exists(Path.Combine(Folder, kind + ".json"))
        ? [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, kind + ".json")))!.AsArray().Select(i => i!.AsObject())]
        : [];
}
