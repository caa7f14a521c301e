using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class PersonalDataTests
{
    private const string Entry = """{ "holder": "Ada", "number": "1", "products": [ { "contact": { "name": "Bo" }, "a/b~c": { "holder": null } } ] }""";

    [Fact]
    public void Each_personal_member_has_a_salt_of_its_own_at_its_pointer()
    {
        var salts = PersonalData.Salt(JsonNode.Parse(Entry)!);

        Assert.Equal(["/holder", "/products/0/contact", "/products/0/a~1b~0c/holder"], salts.Select(s => s.Key));
        Assert.Equal(3, salts.Select(s => (string?)s.Value!["salt"]).Distinct().Count());
        Assert.NotEqual((string?)salts["/holder"]!["salt"], (string?)PersonalData.Salt(JsonNode.Parse(Entry)!)["/holder"]!["salt"]);
    }

    [Fact]
    public void Two_entries_of_the_same_data_have_digests_that_tell_nothing_of_each_other()
    {
        var (one, other) = (JsonNode.Parse(Entry)!, JsonNode.Parse(Entry)!);

        Assert.NotEqual(PersonalData.Digest(one, PersonalData.Salt(one)), PersonalData.Digest(other, PersonalData.Salt(other)));
    }

    [Fact]
    public void A_redacted_member_leaves_the_digest_as_it_was()
    {
        var (data, salts) = Salted();
        var digest = PersonalData.Digest(data, salts);

        data["holder"] = null;
        salts["/holder"]!.AsObject().Remove("salt");
        Assert.Equal(digest, PersonalData.Digest(data, salts));
        Assert.NotNull(digest);
    }

    [Fact]
    public void Nothing_else_passes()
    {
        AssertFails((data, _) => data["holder"] = "Eve");
        AssertFails((data, _) => data["holder"] = null);
        AssertFails((data, _) => data.Remove("holder"));
        AssertFails((data, _) => data["products"]![0]!["contact"]!["name"] = "Eve");
        AssertFails((_, salts) => salts["/holder"]!["salt"] = "00");
        AssertFails((_, salts) => salts.Remove("/holder"));
        AssertFails((_, salts) => salts["/number"] = salts["/holder"]!.DeepClone());
        AssertFails((data, salts) =>
        {
            data["holder"] = "Eve";
            salts["/holder"]!.AsObject().Remove("salt");
        });
        AssertChanges((data, _) => data["number"] = "2");
        AssertChanges((_, salts) => salts["/holder"] = PersonalData.Salt(JsonNode.Parse(Entry)!)["/holder"]!.DeepClone());
    }

    private static (JsonObject Data, JsonObject Salts) Salted()
    {
        var data = JsonNode.Parse(Entry)!.AsObject();
        return (data, PersonalData.Salt(data));
    }

    private static void AssertFails(Action<JsonObject, JsonObject> change)
    {
        var (data, salts) = Salted();
        change(data, salts);
        Assert.Null(PersonalData.Digest(data, salts));
    }

    private static void AssertChanges(Action<JsonObject, JsonObject> change)
    {
        var (data, salts) = Salted();
        var digest = PersonalData.Digest(data, salts);
        change(data, salts);
        Assert.NotEqual(digest, PersonalData.Digest(data, salts));
    }
}
