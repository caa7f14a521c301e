-- Products are listed in the order of their names; a list goes on where its page ended.
drop index product_line_by_find_product;
create index product_line_by_name on product_line (find_product, product, certificate, line);
