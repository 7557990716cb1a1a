DROP TABLE changes;
DROP TABLE tenants;
