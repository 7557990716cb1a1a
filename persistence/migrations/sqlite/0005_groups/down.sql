DROP TABLE group_links;
DROP TABLE groups;
