using System.Text.Json.Nodes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Pages;

/// <summary>What the scripts of the list say: every code that an answer may have, and their own sentences, in the language of the page.</summary>
public static class ListWords
{
    private static readonly (string Name, string Key)[] Sentences =
    [
        ("problem", "list.problem"), ("accepted", "list.accepted"), ("acceptedNone", "list.accepted-none"), ("all", "list.all"), ("row", "list.row"), ("answer", "tender.answer"),
        ("why", "list.why"), ("certificate", "answer.certificate"), ("until", "answer.holds-until"), ("openEnded", "answer.open-ended"),
        ("looking", "list.looking"), ("starting", "list.starting"), ("sent", "list.sent"), ("sentDocument", "list.sent-document"), ("receiving", "list.receiving"),
        ("indexing", "list.indexing"), ("left", "list.left"), ("leftSeconds", "list.left-seconds"), ("done", "list.done"), ("broken", "list.broken"), ("limited", "list.limited"), ("cancelled", "list.cancelled"),
        ("refused", "list.refused"), ("page", "list.page"), ("none", "list.none"), ("moreColumns", "list.more-columns"), ("toProve", "list.to-prove"), ("warnings", "list.warnings"), ("shown", "list.shown"), ("asked", "list.asked"), ("searching", "list.searching"),
        ("sortUp", "list.sort-up"), ("sortDown", "list.sort-down"), ("near", "form.near"), ("toolarge", "list.too-large"), ("check", "list.open-check"),
        ("noCategory", "report.no-category"), ("noLabel", "report.no-label"), ("further", "report.further"), ("rows", "report.rows"), ("items", "report.items"), ("spend", "report.spend"),
        ("shareOfRows", "report.share-of-rows"), ("shareOfItems", "report.share-of-items"), ("shareOfSpend", "report.share-of-spend"), ("total", "report.total"), ("noAmounts", "report.no-amounts"), ("amountsRead", "report.amounts-read"), ("amountsEmpty", "report.amounts-empty"),
        ("amountsUnread", "report.amounts-unread"), ("amountsUnclear", "report.amounts-unclear"), ("amountsOther", "report.amounts-other"), ("credits", "report.credits"),
        ("asPoint", "report.as-point"), ("asComma", "report.as-comma"), ("asNeither", "report.as-neither"), ("noQuantity", "report.no-quantity"),
        ("quantityRead", "report.quantity-read"), ("noCurrency", "report.no-currency"), ("chartOf", "report.chart-of"), ("recognised", "report.recognised"), ("quantityUnclear", "report.quantity-unclear"),
        ("answer-group", "report.by-answer"), ("category-group", "report.by-category"), ("label-group", "report.by-label"), ("classOnly", "list.class-only"),
        ("sample", "report.sample"), ("sampleRows", "report.sample-rows"), ("onSample", "report.on-sample"), ("invented", "page.sample"),
    ];

    /// <summary>As it stands in the page, where no browser runs it.</summary>
    public static string Of(ListModel page, Words words) => LinkedData.Text(new JsonObject
    {
        ["language"] = words.Language.Tag,
        ["answers"] = Members<Answer>(words),
        ["outcomes"] = Members<Outcome>(words),
        ["reasons"] = Members<Reason>(words),
        ["problems"] = Members<ProblemCode>(words),
        ["warnings"] = Members<Warning>(words),
        ["levels"] = Members<Level>(words),
        ["schemes"] = Names(page.Schemes.Select(s => (s.Key, words.Name(s.Value.Names, s.Key)))),
        ["instruments"] = Names(page.Titles.Select(a => (a.Key, words.Name(a.Value, a.Key))).Concat(page.Recognisers.Where(r => r.Kind == RecogniserKind.Policy).Select(p => (p.Code, words.Name(p.Names, p.Code)))).DistinctBy(i => i.Item1, StringComparer.Ordinal)),
        ["categories"] = Names(page.Categories.Select(c => (c.Category.Code!, words.Name(c.Category.Names, c.Category.Code!)))),
        ["say"] = Names(Sentences.Select(s => (s.Name, words[s.Key]))),
    });

    private static JsonObject Members<TMember>(Words words)
        where TMember : struct, Enum => Names(Enum.GetValues<TMember>().Select(m => (Code.Of(m), words.Of(m))));

    private static JsonObject Names(IEnumerable<(string Code, string Name)> all) => new(all.Select(one => KeyValuePair.Create(one.Code, (JsonNode?)one.Name)));
}
